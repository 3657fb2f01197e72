"""Files both ways: taken within their limits, seen by who may see the chat, and fenced in so that nothing can run."""

import asyncio

import pytest
from server.house import PATIENCE, Caller, House, house, problem, until
from server.widget.pictures import NEEDLE, exif, jpeg, png, segment
from server.widget.uploads import TEXT, connected, lying_in, part, send, sent, upload

from chatsession.server.options import ServerOptions
from chatsession.stores.disk import DiskFiles


async def test_a_file_is_taken_shown_by_a_message_and_fetched(ana: Caller, carl: Caller):
    session = await ana.open()
    content = jpeg(segment(0xE1, exif(6)))

    answer = await send(ana, session, content, name="Foto vom Café.jpg", kind="image/jpeg")
    file = answer.json()
    said = await ana.say(session, "Look", parts=[part(file["id"])])
    fetched = await carl.get(f"/v1/files/{file['id']}")

    assert answer.status_code == 201
    assert file == {"id": file["id"], "name": "Foto vom Café.jpg", "type": "image/jpeg", "bytes": len(fetched.content)}
    posted = (await ana.events(session))[said.json()["seq"] - 1]
    assert posted["parts"] == [{"kind": "file", "file": file["id"], **{k: file[k] for k in ("name", "type", "bytes")}}]
    assert NEEDLE not in fetched.content
    assert content.endswith(fetched.content[-40:])


@pytest.mark.parametrize(
    ("content", "name", "kind", "treated"),
    [
        (png(), "a.png", "image/png", "inline"),
        (b"<script>alert(1)</script>", "page.txt", "text/plain", "attachment"),
        (b"%PDF-1.7\n", "bill.pdf", "application/pdf", "attachment"),
        (b"=cmd|' /C calc'!A0", "list.csv", "text/csv", "attachment"),
    ],
)
async def test_nothing_in_a_file_can_run(ana: Caller, content, name, kind, treated):
    file = await sent(ana, await ana.open(), content, name=name, kind=kind)

    answer = await ana.get(f"/v1/files/{file}")

    assert answer.content == content
    assert answer.headers["content-type"] == kind + ("; charset=utf-8" if kind.startswith("text/") else "")
    assert answer.headers["content-disposition"] == f"{treated}; filename=\"{name}\"; filename*=UTF-8''{name}"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in answer.headers["cache-control"]


async def test_a_name_cannot_leave_its_header(ana: Caller):
    file = await sent(ana, await ana.open(), name="a;b='c',Ünï 写.txt")

    said = (await ana.get(f"/v1/files/{file}")).headers["content-disposition"]

    assert said.startswith('attachment; filename="a_b__c___n_ _.txt"; filename*=UTF-8')
    assert said.endswith("''a%3Bb%3D%27c%27%2C%C3%9Cn%C3%AF%20%E5%86%99.txt")


WRONG = {
    "no name": ({"name": ""}, 422, "invalid_request"),
    "a path": ({"name": "../../etc/passwd.txt"}, 422, "invalid_request"),
    "a name that reads backwards": ({"name": "exe.\u202etxt"}, 422, "invalid_request"),
    "a name that is too long": ({"name": "x" * 500}, 422, "invalid_request"),
    "nothing in it": ({"content": b""}, 422, "invalid_request"),
    "a kind that is not taken": ({"kind": "text/html"}, 415, "unsupported_media_type"),
    "no kind": ({"kind": ""}, 415, "unsupported_media_type"),
    "another ending": ({"name": "note.exe"}, 415, "unsupported_media_type"),
    "another content": ({"content": png()}, 415, "unsupported_media_type"),
    "a picture that is damaged": (
        {"content": png()[:-4], "name": "a.png", "kind": "image/png"}, 422, "invalid_request"
    ),
    "too much": ({"content": b"x" * 65_537}, 413, "too_large"),
    "far too much": ({"content": b"x" * (11 * 1024 * 1024)}, 413, "too_large"),
}  # fmt: skip


@pytest.mark.parametrize(("given", "status", "code"), WRONG.values(), ids=WRONG)
async def test_what_cannot_be_taken_is_refused_and_leaves_nothing(
    served: House, ana: Caller, given: dict, status: int, code: str
):
    session = await ana.open()

    problem(await send(ana, session, **given), status, code)

    assert [part async for part in served.service.files._files.sessions() if part == session] == []
    assert (await send(ana, session)).status_code == 201


async def test_a_file_that_is_too_large_is_refused_before_its_end(served: House, ana: Caller):
    session = await ana.open()
    reader, writer = await connected(served)
    writer.write(upload(served, ana, session, "Transfer-Encoding: chunked"))

    for _ in range(20):
        writer.write(b"1000\r\n" + b"x" * 4_096 + b"\r\n")
    async with asyncio.timeout(PATIENCE):
        answer = await reader.readuntil(b"}")

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"too_large" in answer
    writer.close()


async def test_a_session_has_so_many_files_however_they_come(ana: Caller):
    session = await ana.open()

    answers = await asyncio.gather(*(send(ana, session) for _ in range(3)))
    late = await send(ana, session)

    assert [answer.status_code for answer in answers] == [201] * 3
    assert "as many files" in problem(late, 413, "too_large")["detail"]


async def test_a_visitor_sends_a_few_at_a_time(tmp_path):
    options = ServerOptions(turn_grace_seconds=0, uploads_per_visitor_max=1)
    async with house("Hi", options=options, files=DiskFiles(tmp_path / "files"), widget=TEXT) as one:
        ana, waiting, begun = await one.visitor(), asyncio.Event(), asyncio.Event()
        session = await ana.open()

        async def slow():
            yield b"Hel"
            begun.set()
            await waiting.wait()
            yield b"lo"

        first = asyncio.create_task(send(ana, session, slow()))
        await begun.wait()
        await until(lambda: any((tmp_path / "files" / ".incoming").iterdir()))
        second = await send(ana, session)
        waiting.set()

        problem(second, 429, "rate_limited")
        assert (await first).status_code == 201


async def test_a_file_that_takes_too_long_is_given_up(tmp_path):
    options = ServerOptions(turn_grace_seconds=0, upload_seconds_max=0.2)
    async with house("Hi", options=options, files=DiskFiles(tmp_path / "files"), widget=TEXT) as one:
        ana = await one.visitor()
        session = await ana.open()

        answer = await one.raw(upload(one, ana, session, "Content-Length: 100") + b"Hello")

        assert b" 408 " in answer.partition(b"\r\n")[0]
        await until(lambda: lying_in(tmp_path / "files") == [])


async def test_what_breaks_off_leaves_nothing(tmp_path):
    async with house("Hi", files=DiskFiles(tmp_path / "files"), widget=TEXT) as one:
        ana = await one.visitor()
        session = await ana.open()
        _, writer = await connected(one)
        writer.write(upload(one, ana, session, "Content-Length: 100") + b"Hello")
        await until(lambda: lying_in(tmp_path / "files") != [])

        writer.close()

        await until(lambda: lying_in(tmp_path / "files") == [])
        assert (await ana.get("/v1/visitors/me/sessions")).status_code == 200


async def test_files_are_off_until_an_inbox_allows_them(served: House):
    bank = await served.visitor("bank")
    session = await bank.open(inbox="bank")

    assert "switched on by" in problem(await send(bank, session), 403, "forbidden")["detail"]


async def test_without_a_place_for_files_there_are_none():
    async with house("Hi", widget=TEXT) as one:
        ana = await one.visitor()
        session = await ana.open()

        problem(await send(ana, session), 403, "forbidden")
        problem(await ana.get("/v1/files/fil_1_1"), 404, "not_found")
        problem(await ana.say(session, "See", parts=[part("fil_1_1")]), 422, "invalid_request")


async def test_into_a_closed_chat_no_file_comes(served: House, ana: Caller):
    session = await ana.open()
    await ana.post(f"/v1/sessions/{session}/close")
    closed = await send(ana, session)
    await ana.open(on_return="new")

    problem(closed, 409, "session_closed")
    problem(await send(ana, session), 409, "session_archived")


async def test_agents_and_programs_send_files_too(ana: Caller, carl: Caller, admin: Caller):
    session = await ana.open()
    by_program = await sent(admin, session, name="from-us.txt")
    await ana.post(f"/v1/sessions/{session}/handoff")
    await carl.post(f"/v1/sessions/{session}/claim")
    by_agent = await sent(carl, session, name="from-carl.txt")

    said = await carl.say(session, "Here", parts=[part(by_program), part(by_agent)])

    names = [each["name"] for each in (await ana.events(session))[said.json()["seq"] - 1]["parts"]]
    assert names == ["from-us.txt", "from-carl.txt"]
    assert (await ana.get(f"/v1/files/{by_agent}")).text == "Hello"


async def test_a_message_shows_no_file_of_another_chat(ana: Caller, bea: Caller):
    file = await sent(ana, await ana.open())
    session = await bea.open()

    problem(await bea.say(session, "Mine", parts=[part(file)]), 422, "invalid_request")
    problem(await bea.get(f"/v1/files/{file}"), 404, "not_found")


@pytest.mark.parametrize("file", ["fil_1", "fil__", "fil_../../x_1", "%2e%2e", "ses_1_1", "fil_" + "x" * 300])
async def test_an_id_that_is_none_finds_nothing(ana: Caller, file: str):
    problem(await ana.get(f"/v1/files/{file}"), 404, "not_found")


async def test_the_bot_is_told_what_came_without_a_word(served: House, ana: Caller):
    session = await ana.open()
    file = await sent(ana, session, name="order.txt")
    bot = served.service.bots["shop"]

    await ana.post(f"/v1/sessions/{session}/messages", {"parts": [part(file)]})
    await until(lambda: bot.turns[-1].session == session and bot.turns[-1].turn == 2)

    turn = bot.turns[-1]
    assert (turn.text, turn.parts[0]["name"]) == ("order.txt", "order.txt")

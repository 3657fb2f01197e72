"""Files both ways: taken within their limits, seen by who may see the chat, and fenced in so that nothing can run."""

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from server.house import PATIENCE, Caller, House, house, problem, until
from server.widget.pictures import NEEDLE, exif, jpeg, png, segment

from chatsession.core.policy import Policy
from chatsession.files import FilesError
from chatsession.server.options import ServerOptions
from chatsession.stores.disk import DiskFiles
from chatsession.stores.sqlite import SqliteStore
from chatsession.widget import FilesAllowed, Widget

TEXT = Widget(files=FilesAllowed(types=("text/plain",), bytes_max=2_048, per_session_max=2))


async def send(
    caller: Caller, session: str, content=b"Hello", *, name: str = "note.txt", kind: str = "text/plain", **more
) -> httpx.Response:
    path, params = f"/v1/sessions/{session}/files", {"name": name}
    return await caller.ask("POST", path, content=content, headers={"Content-Type": kind}, params=params, **more)


async def sent(caller: Caller, session: str, content=b"Hello", **more) -> str:
    answer = await send(caller, session, content, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def connected(one: House) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = one.host.split(":")
    return await asyncio.open_connection(host, int(port))


def upload(one: House, caller: Caller, session: str, length: str) -> bytes:
    """The head of a file that comes over a connection of its own."""
    lines = (
        f"POST /v1/sessions/{session}/files?name=a.txt HTTP/1.1", f"Host: {one.host}", "Content-Type: text/plain",
        f"Authorization: Bearer {caller.secret}", length,
    )  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def part(file: str) -> dict:
    return {"kind": "file", "file": file}


def lying_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


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


async def test_erasing_a_visitor_leaves_no_byte_of_their_files(tmp_path):
    store, folder = SqliteStore(tmp_path / "chats.db"), tmp_path / "files"
    await store.open()
    try:
        async with house(*["Hi"] * 9, store=store, files=DiskFiles(folder), widget=TEXT) as one:
            ana, bea, admin = await one.visitor(), await one.visitor(), await one.key("admin")
            session, other = await ana.open(), await bea.open()
            file = await sent(ana, session, b"needle in " + NEEDLE, name="needle-of-ana.txt")
            kept = await sent(bea, other, b"of Bea")
            await ana.say(session, "Look", parts=[part(file)])

            await admin.ask("DELETE", f"/v1/visitors/{ana.id}")

            everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
            assert NEEDLE not in everything
            assert b"needle-of-ana" not in everything
            assert not (folder / session).exists()
            problem(await admin.get(f"/v1/files/{file}"), 404, "not_found")
            assert (await bea.get(f"/v1/files/{kept}")).text == "of Bea"
    finally:
        await store.close()


async def test_what_is_redacted_takes_its_files_with_it(tmp_path):
    folder = tmp_path / "files"
    async with house("Hi", "Hi", files=DiskFiles(folder), widget=TEXT) as one:
        ana, admin = await one.visitor(), await one.key("admin")
        session = await ana.open()
        gone, kept = await sent(ana, session, NEEDLE), await sent(ana, session, b"stays")
        said = (await ana.say(session, "Look", parts=[part(gone)])).json()["seq"]
        await until(lambda: one.service.door.at_hand(session).session.turn is None)

        answers = [await admin.ask("DELETE", f"/v1/sessions/{session}/messages/{said}") for _ in range(2)]

        assert {answer.status_code for answer in answers} == {204}
        problem(await ana.get(f"/v1/files/{gone}"), 404, "not_found")
        assert (await ana.get(f"/v1/files/{kept}")).text == "stays"
        assert all(NEEDLE not in path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_files_go_with_their_session_when_its_time_is_over(tmp_path):
    policy = Policy(resume_window=timedelta(hours=1), retention=timedelta(hours=1))
    async with house("Hi", files=DiskFiles(tmp_path / "files"), widget=TEXT, policy=policy) as one:
        ana = await one.visitor()
        session = await ana.open()
        await sent(ana, session)
        await ana.post(f"/v1/sessions/{session}/close")

        await one.clock.advance("2h")
        await one.clock.advance("2h")

        await until(lambda: lying_in(tmp_path / "files") == [])


async def test_files_whose_session_is_gone_go_at_the_next_start(tmp_path):
    folder = tmp_path / "files"
    (folder / ".incoming").mkdir(parents=True)
    (folder / ".incoming" / "half").write_text("half a file")
    (folder / "ses_gone").mkdir()
    (folder / "ses_gone" / "fil_gone_1").write_text("left over")

    async with house(files=DiskFiles(folder), widget=TEXT):
        await until(lambda: lying_in(folder) == [])


async def test_a_folder_that_fails_is_told_in_words(tmp_path):
    class Failing(DiskFiles):
        async def read(self, file):
            raise FilesError("the disk is gone")

        async def find(self, file):
            if file == "fil_1_2":
                raise FilesError("the disk is gone")
            return await super().find(file)

        async def erase(self, session):
            raise FilesError("the disk is gone")

    async with house("Hi", "Hi", files=Failing(tmp_path / "files"), widget=TEXT) as one:
        ana, admin = await one.visitor(), await one.key("admin")
        session = await ana.open()
        file = await sent(ana, session)

        problem(await ana.get(f"/v1/files/{file}"), 503, "store_unavailable")
        problem(await ana.say(session, "See", parts=[part("fil_1_2")]), 503, "store_unavailable")
        assert (await admin.ask("DELETE", f"/v1/visitors/{ana.id}")).status_code == 200


async def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path):
    folder = tmp_path / "files"
    async with house("Hi", files=DiskFiles(folder), widget=TEXT) as one:
        ana = await one.visitor()
        session = await ana.open()
        (folder / ".incoming").rmdir()

        problem(await send(ana, session), 503, "store_unavailable")


async def test_a_chat_that_is_erased_while_a_file_arrives_stays_erased(tmp_path):
    folder = tmp_path / "files"
    async with house("Hi", files=DiskFiles(folder), widget=TEXT) as one:
        ana, admin = await one.visitor(), await one.key("admin")
        session = await ana.open()

        async def interrupted():
            yield b"Hel"
            await until(lambda: lying_in(folder) != [])
            assert (await admin.ask("DELETE", f"/v1/visitors/{ana.id}")).status_code == 200
            yield b"lo"

        answer = await send(ana, session, interrupted())

        problem(answer, 404, "not_found")
        assert lying_in(folder) == []

"""Files go with what they came with, and a folder that fails is told in words."""

from datetime import timedelta

from server.house import house, problem, until
from server.widget.pictures import NEEDLE
from server.widget.uploads import TEXT, lying_in, part, send, sent

from chatsession.core.policy import Policy
from chatsession.files import FilesError
from chatsession.stores.disk import DiskFiles
from chatsession.stores.sqlite import SqliteStore


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

"""The fixtures a user's own tests stand on, used as their author would use them."""

import subprocess
import sys

THEIR_CONFTEST = 'pytest_plugins = ["chatsession.testing.plugin"]\n'

THEIR_SETTINGS = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""

THEIR_TESTS = """
async def test_a_silent_visitor_is_warned_and_told_why_it_closed(chats, chat_bot, chat_clock):
    chat_bot.add("Hello!")
    session = await chats.open(visitor="ana", text="Hi")
    await session.answer()

    await chat_clock.advance("14m")

    assert (await session.state()).warned_at is not None


async def test_over_http_too(chat_server, chat_bot, chat_clock):
    chat_bot.add("Hello!")
    ana = await chat_server.visitor()
    opened = (await ana.post("/v1/inboxes/chat/sessions", json={"message": {"text": "Hi", "client_id": "c1"}})).json()

    await chat_clock.advance("16m")

    session = (await ana.get(f"/v1/sessions/{opened['id']}")).json()
    assert (session["phase"], session["close_reason"]) == ("closed", "timeout")
    events = (await ana.get(f"/v1/sessions/{opened['id']}/events")).json()["events"]
    assert [event["text"] for event in events if event["type"] == "message_posted"] == ["Hi", "Hello!"]


async def test_a_key_sees_the_sessions(chat_server, chat_bot):
    chat_bot.add("Hello!")
    ana = await chat_server.visitor()
    await ana.post("/v1/inboxes/chat/sessions", json={"message": {"text": "Hi"}})
    admin = await chat_server.key()

    assert len((await admin.get("/v1/sessions")).json()["sessions"]) == 1
"""


def test_their_tests_pass_with_two_lines_of_set_up(tmp_path):
    (tmp_path / "conftest.py").write_text(THEIR_CONFTEST)
    (tmp_path / "test_theirs.py").write_text(THEIR_TESTS)
    (tmp_path / "pytest.ini").write_text(THEIR_SETTINGS)

    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "3 passed" in ran.stdout

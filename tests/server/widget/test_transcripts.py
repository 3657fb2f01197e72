"""The chat as a file to keep: what its reader may see, in a form in which no text can pass for another."""

import json
import re

import pytest
from markdown_it import MarkdownIt
from server.house import Caller, House, house, problem, until

from chatsession.bot import Finished
from chatsession.core.events import Source
from chatsession.widget import Widget

HOSTILE = [
    "Hello\n[12:00] Carla: your refund is approved",
    "Hello\r[12:00] Carla: approved",
    "Hello\u2028[12:00] Carla: approved\x0b[12:01] Carla: yes\x85[12:02] Carla: yes",
    "\x1b[2J\x1b]0;owned\x07",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png) https://evil.example www.evil.example",
    "# Heading\n---\n> quote\n```\ncode\n```\n1. list\n- list\n    code\n| a | b |\n|---|---|\n***bold***",
    "&lt;b&gt; &#x202e; \\*not\\*",
    "\u202eevil\u202c \u2066x\u2069",
    "=HYPERLINK(1)",
]


async def transcript(caller: Caller, session: str, kind: str) -> str:
    answer = await caller.get(f"/v1/sessions/{session}/transcript", params={"format": kind})
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_a_chat_is_written_down_as_it_was():
    source = Source(title="Shipping", url="https://shop.example/shipping")
    steps = Finished(text="Two days.\nOr three.", sources=[source]), "Bye"
    async with house(*steps, title="Help desk", widget=Widget(bot_name="Ada")) as one:
        ana, carl = await one.visitor(), await one.key("agent", name="carl")
        session = await ana.open("How long?")
        await until(lambda: one.service.door.at_hand(session).session.turn is None)
        await ana.post(f"/v1/sessions/{session}/handoff")
        await carl.post(f"/v1/sessions/{session}/claim")
        await carl.post(f"/v1/sessions/{session}/notes", {"text": "A regular."})
        await carl.say(session, "Hi, I am Carl.")
        await carl.post(f"/v1/sessions/{session}/return")
        await ana.post(f"/v1/sessions/{session}/close")
        await ana.post(f"/v1/sessions/{session}/resume")
        time = one.clock.now().strftime("%H:%M")
        day = one.clock.now().date().isoformat()

        text = await transcript(ana, session, "text")
        by_staff = await transcript(carl, session, "text")

    assert text == (
        f"Help desk\n{day}, times in UTC\n\n"
        f"[{time}] - The chat began.\n"
        f"[{time}] You: How long?\n"
        f"[{time}] Ada: Two days.\n    Or three.\n    Source: Shipping <https://shop.example/shipping>\n"
        f"[{time}] - A person was asked for.\n"
        f"[{time}] - Carl joined.\n"
        f"[{time}] Carl: Hi, I am Carl.\n"
        f"[{time}] - The bot answers again.\n"
        f"[{time}] - The chat ended.\n"
        f"[{time}] - The chat went on.\n"
    )
    assert f"[{time}] Carl (note): A regular.\n" in by_staff
    assert f"[{time}] Visitor: How long?\n" in by_staff


@pytest.mark.parametrize(
    ("kind", "media_type", "ending"),
    [
        ("text", "text/plain; charset=utf-8", "txt"),
        ("markdown", "text/markdown; charset=utf-8", "md"),
        ("json", "application/json", "json"),
    ],
)
async def test_it_is_a_file_with_a_name_that_is_safe_everywhere(ana: Caller, kind: str, media_type: str, ending: str):
    session = await ana.open()

    answer = await ana.get(f"/v1/sessions/{session}/transcript", params={"format": kind}, headers={"Accept": "*/*"})

    said = answer.headers["content-disposition"]
    assert answer.headers["content-type"] == media_type
    assert re.fullmatch(
        rf'attachment; filename="(chat-\d{{4}}-\d\d-\d\d-[0-9a-z]{{8}}\.{ending})"; filename\*=.*', said
    )
    assert "no-store" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_form_that_is_not_there_is_named(ana: Caller):
    session = await ana.open()

    refused = await ana.get(f"/v1/sessions/{session}/transcript", params={"format": "pdf"})

    assert problem(refused, 422, "invalid_request")["field"] == "format"


@pytest.mark.parametrize("text", HOSTILE)
async def test_no_text_passes_for_a_line_of_the_transcript(ana: Caller, text: str):
    session = await ana.open(text)

    written = await transcript(ana, session, "text")

    lines = re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", written)
    spoken = [line for line in lines[3:] if line.startswith("[")]
    assert all(line[1:8] == lines[3][1:8] for line in spoken), written
    assert not any("Carla" in line for line in spoken), written
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", written)


@pytest.mark.parametrize("text", HOSTILE)
async def test_in_markdown_every_mark_stands_for_itself(ana: Caller, text: str):
    session = await ana.open(text)

    written = await transcript(ana, session, "markdown")

    tokens = MarkdownIt("gfm-like", {"linkify": False}).enable("strikethrough").parse(written)
    inside = [child.type for token in tokens if token.type == "inline" for child in token.children or ()]
    blocks = {token.type for token in tokens}
    said = "".join(child.content for token in tokens if token.level > 1 for child in token.children or ())
    assert not {"html_inline", "link_open", "image", "code_inline"} & set(inside), written
    assert blocks <= {
        "heading_open", "heading_close", "inline", "paragraph_open", "paragraph_close", "blockquote_open",
        "blockquote_close",
    }, blocks  # fmt: skip
    for word in re.findall(r"[a-zA-Z]{4,}", text.replace("\x1b]0;", " ")):
        assert word in said


@pytest.mark.parametrize("text", HOSTILE)
async def test_in_json_a_text_is_what_it_was(ana: Caller, text: str):
    session = await ana.open(text)
    said = next(event["text"] for event in await ana.events(session) if event["type"] == "message_posted")

    written = json.loads(await transcript(ana, session, "json"))

    assert (written["title"], written["entries"][1]["text"], written["entries"][1]["by"]) == (
        "Help desk", said, "visitor",
    )  # fmt: skip


async def test_a_name_cannot_pass_for_more_than_a_name(served: House, ana: Caller):
    eve = await served.key("agent", name="eve\n[12:00] You: I agree <b>")
    session = await ana.open()
    await ana.post(f"/v1/sessions/{session}/handoff")
    await eve.post(f"/v1/sessions/{session}/claim")
    await eve.say(session, "Hello")

    text, markdown = await transcript(ana, session, "text"), await transcript(ana, session, "markdown")

    assert "\n[12:00] You: I" not in text
    assert "<b>" not in markdown.replace("\\<b\\>", "")


async def test_files_are_named_and_what_was_removed_is_said(served: House, ana: Caller):
    session = await ana.open()
    path, headers = f"/v1/sessions/{session}/files?name=bill.txt", {"Content-Type": "text/plain"}
    file = (await ana.ask("POST", path, content=b"Bill", headers=headers)).json()["id"]
    said = (await ana.say(session, "Here", parts=[{"kind": "file", "file": file}])).json()["seq"]
    await served.clock.settle()
    before = await transcript(ana, session, "text")

    await served.service.store.redact(session, said)

    after = await transcript(ana, session, "text")
    assert "You: Here\n    File: bill.txt\n" in before
    assert "Here" not in after
    assert "bill.txt" not in after
    assert "- A message was removed.\n" in after


async def test_a_long_chat_is_written_to_its_end(served: House, ana: Caller, admin: Caller):
    session = await ana.open("Number 0")
    await served.clock.settle()
    for number in range(1, 520):
        await admin.say(session, f"Number {number}")

    written = await transcript(ana, session, "json")

    texts = [entry["text"] for entry in json.loads(written)["entries"] if entry.get("by")]
    assert [text for text in texts if text.startswith("Number")] == [f"Number {number}" for number in range(520)]

"""Files that are dropped, pasted or chosen, and topics that go on from one chat to the next, in a real browser."""

import struct
import zlib

import pytest
from playwright.sync_api import JSHandle, expect
from web.visitor import Visitor

pytestmark = pytest.mark.slow


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
    + chunk(b"IEND", b"")
)


def held(visitor: Visitor, *files: tuple[str, str, bytes]) -> JSHandle:
    """Files in the hand of somebody who drags them."""
    return visitor.page.evaluate_handle(
        """files => {
            const held = new DataTransfer();
            for (const [name, type, bytes] of files) held.items.add(new File([new Uint8Array(bytes)], name, { type }));
            return held;
        }""",
        [(name, kind, list(content)) for name, kind, content in files],
    )


def test_files_dropped_before_the_first_message_open_the_chat_and_go_together(visitor):
    visitor.open()
    expect(visitor.button("Add a file")).to_be_visible()
    hand = held(
        visitor,
        ("order.txt", "text/plain", b"Two socks"),
        ("tool.exe", "application/x-msdownload", b"MZ"),
        ("broken.png", "image/png", PNG),
    )

    visitor.panel.dispatch_event("dragover", {"dataTransfer": hand})
    expect(visitor.chat.get_by_text("Drop files here to send them")).to_be_visible()
    visitor.panel.dispatch_event("drop", {"dataTransfer": hand})

    expect(visitor.answers).to_have_count(1)
    expect(visitor.messages).to_have_count(2)
    expect(visitor.messages.first.locator(".file")).to_have_count(2)
    refused = visitor.chat.get_by_role("listitem").filter(has_text="tool.exe")
    expect(refused).to_contain_text("Files of this kind cannot be sent. Possible are: PLAIN, PNG.")
    refused.get_by_role("button", name="Dismiss").click()
    expect(visitor.chat.locator(".tray")).to_be_hidden()
    expect(visitor.chat.get_by_text("Drop files here")).to_be_hidden()
    with visitor.page.expect_download() as saved:
        visitor.messages.first.get_by_role("button", name="order.txt").click()
    assert (saved.value.suggested_filename, saved.value.path().read_bytes()) == ("order.txt", b"Two socks")
    assert visitor.complaints == []


def test_a_picture_is_pasted_and_text_stays_text(context, visitor):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.open()
    visitor.say("Hello")
    visitor.page.evaluate(
        """async bytes => {
            const picture = new Blob([new Uint8Array(bytes)], { type: "image/png" });
            await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
        }""",
        list(PNG),
    )

    visitor.composer.press("Control+V")

    expect(visitor.answers).to_have_count(2)
    expect(visitor.messages.nth(2).locator(".file")).to_contain_text("image.png")
    visitor.page.evaluate("() => navigator.clipboard.writeText('only words')")
    visitor.composer.press("Control+V")
    expect(visitor.composer).to_have_value("only words")


def test_a_file_that_cannot_be_brought_is_tried_again(context, visitor):
    visitor.open()
    visitor.say("Hello")
    context.set_offline(True)
    chooser = visitor.chat.locator("input[type=file]")

    chooser.set_input_files([{"name": "order.txt", "mimeType": "text/plain", "buffer": b"Two socks"}])
    row = visitor.chat.get_by_role("listitem").filter(has_text="order.txt")
    expect(row).to_contain_text("That did not work.")
    context.set_offline(False)
    row.get_by_role("button", name="Try again").click()

    expect(visitor.messages.locator(".file")).to_contain_text("order.txt")
    expect(row).to_be_hidden()


def test_what_the_server_finds_in_a_file_is_said_where_the_file_is(visitor):
    visitor.open()
    expect(visitor.button("Add a file")).to_be_visible()
    hand = held(visitor, ("broken.png", "image/png", b"no picture at all"))

    visitor.panel.dispatch_event("drop", {"dataTransfer": hand})

    row = visitor.chat.get_by_role("listitem").filter(has_text="broken.png")
    expect(row).to_contain_text("The file is declared as image/png, but its content is something else.")


def begin_anew_after(visitor: Visitor, title: str) -> None:
    """Be in a new chat after one in which a topic was named."""
    visitor.open()
    visitor.say("Good morning")
    visitor.from_menu("New topic")
    visitor.chat.get_by_role("textbox", name="What is it about?").fill(title)
    visitor.press("Start")
    expect(visitor.button(title)).to_have_attribute("aria-pressed", "true")
    visitor.say("It flickers")
    visitor.from_menu("End this chat")
    visitor.press("Start a new chat")
    expect(visitor.messages).to_have_count(0)


def test_a_topic_goes_on_in_the_next_chat_and_can_be_seen_alone(visitor):
    begin_anew_after(visitor, "Broken lamp")
    visitor.say("Do you have socks?")

    visitor.from_menu("New topic")
    visitor.press("Broken lamp")
    expect(visitor.button("Broken lamp")).to_have_attribute("aria-pressed", "true")
    visitor.say("It flickers again")

    expect(visitor.transcript.get_by_text("New topic: Broken lamp")).to_be_visible()
    visitor.press("Only this topic")
    expect(visitor.messages).to_have_count(2)
    expect(visitor.messages.first).to_contain_text("It flickers again")
    visitor.press("Only this topic")
    expect(visitor.messages).to_have_count(4)
    assert visitor.complaints == []


def test_a_topic_goes_on_from_the_chat_that_is_read(visitor):
    begin_anew_after(visitor, "Broken lamp")

    visitor.from_menu("Earlier chats")
    visitor.chat.get_by_role("button", name="Broken lamp").click()
    visitor.press("Continue: Broken lamp")
    expect(visitor.button("Broken lamp")).to_have_attribute("aria-pressed", "true")
    visitor.say("It flickers again")

    expect(visitor.messages).to_have_count(2)

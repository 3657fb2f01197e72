"""The page about bots names everything there is, and nothing else."""

import ast
import re
from pathlib import Path

import pytest

from chatsession.bot import BotEvent, TurnInput
from chatsession.bots.openai import OpenAIOptions
from chatsession.bots.webhook import WebhookOptions
from chatsession.bots.webhook.answering import WebhookAnswer

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "bots.md").read_text()


def section(title: str) -> str:
    return PAGE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def named(text: str) -> set[str]:
    """The words in code type in the first column of a section's tables."""
    cells = [row.split("|")[1] for row in text.splitlines() if row.startswith("| `")]
    return {word for cell in cells for word in re.findall(r"`(\w+)`", cell)}


@pytest.mark.parametrize(("title", "options"), [("A model", OpenAIOptions), ("A webhook", WebhookOptions)])
def test_every_option_is_on_the_page(title, options):
    assert named(section(title)) == set(options.__struct_fields__)


def test_every_field_of_a_turn_is_on_the_page():
    text = section("What a bot is shown")

    assert [field for field in TurnInput.__struct_fields__ if f"`{field}`" not in text] == []


def test_every_event_and_its_fields_are_on_the_page():
    rows = {}
    for row in section("What it may stream").splitlines():
        if row.startswith("| `"):
            _, name, fields, *_ = row.split("|")
            rows[name.strip(" `")] = set(re.findall(r"`(\w+)`", fields))

    assert rows == {kind.__struct_config__.tag: set(kind.__struct_fields__) for kind in BotEvent.__args__}


def test_every_field_of_a_webhooks_answer_is_on_the_page():
    example = section("A webhook").split("```json\n")[1].split("```")[0]

    assert set(re.findall(r'"(\w+)": ', example)) - {"title"} == set(WebhookAnswer.__struct_fields__)


def test_every_reason_is_on_the_page():
    raised = {"silence", "process_ended", "limit"}
    files = [*(ROOT / "src/chatsession/bots").rglob("*.py"), *(ROOT / "src/chatsession/runtime").glob("*.py")]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
                "BotError",
                "_broken",
                "_failed",
            ):
                raised |= {arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant) and _is_word(arg.value)}

    assert named(section("When it goes wrong")) == raised - {"superseded"}


def _is_word(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z]+(_[a-z]+)*", value) is not None

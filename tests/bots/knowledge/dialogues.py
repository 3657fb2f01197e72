"""Dialogues with a bot that answers from a folder: what was asked, what should come back, and what did."""

import re
import tomllib
from itertools import count
from pathlib import Path

from bots.asked import Answered, ask, turn

from chatsession.bot import Line
from chatsession.bots.knowledge import KnowledgeBot

HERE = Path(__file__).parent
SHOP = HERE.parents[2] / "src" / "chatsession" / "demo" / "shop"


class Asked:
    """One turn of a dialogue with its answer."""

    def __init__(self, folder: Path, expected: dict, answered: Answered):
        self.ask = expected["ask"]
        self.is_unknown = expected.get("unknown", False)
        self.follows = expected.get("follows", False)
        self.text = answered.text
        self.finished = answered.finished
        self.folder = folder
        self._pages = expected.get("page", [])
        self._says = expected.get("says", [])

    @property
    def has_right_source(self) -> bool:
        pages = [self._pages] if isinstance(self._pages, str) else self._pages
        titles = {title_of(self.folder / page) for page in pages}
        return any(source.title in titles for source in self.finished.sources)

    @property
    def has_right_fact(self) -> bool:
        return self.has_right_source and all(fact.casefold() in self.text.casefold() for fact in self._says)

    @property
    def is_refused(self) -> bool:
        return not self.finished.known and self.finished.result == "needs_agent" and not self.finished.sources


def dialogues(name: str) -> list[list[dict]]:
    """The dialogues of a file of questions."""
    return [each["turns"] for each in tomllib.loads((HERE / f"{name}.toml").read_text())["dialogue"]]


async def held(folder: Path, name: str) -> list[Asked]:
    """Every turn of every dialogue, asked in order, each with what was said before it."""
    bot = KnowledgeBot(folder)
    await bot.start()
    try:
        return [asked for turns in dialogues(name) for asked in await _held(bot, folder, turns)]
    finally:
        await bot.close()


async def _held(bot: KnowledgeBot, folder: Path, turns: list[dict]) -> list[Asked]:
    lines, asked, numbers = [], [], count(1)
    for expected in turns:
        lines.append(Line(role="visitor", text=expected["ask"], seq=next(numbers)))
        context = {"looked_at": expected["on"]} if "on" in expected else {}
        answered = await ask(bot, turn(expected["ask"], lines=list(lines), context=context))
        lines.append(Line(role="bot", text=answered.text, seq=next(numbers)))
        asked.append(Asked(folder, expected, answered))
    return asked


def title_of(page: Path) -> str:
    """A page's title, by its front matter or else its first heading."""
    return re.search(r"^(?:title:|#) (.*)$", page.read_text(), re.MULTILINE)[1]


def plain(page: str) -> str:
    """A page as it is read aloud: no links, emphasis or list marks, one space between words."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", page)
    text = re.sub(r"^\s*(?:[-*]|\d+\.|#+)\s+", "", text, flags=re.MULTILINE)
    return " ".join(re.sub(r"[*`]", "", text).replace("|", " ").split())


def pieces(answer: str) -> list[str]:
    """What an answer claims: its sentences, and of a row each column and cell."""
    found = []
    for line in answer.splitlines():
        shown = re.sub(r"^(?:• |\d+\. |Also listed: |Außerdem: )", "", line)
        found += [plain(part) for part in re.split(r" – |; |: |(?<=[.!?]) ", shown) if part.strip(" .")]
    return [piece.removesuffix(".") for piece in found]

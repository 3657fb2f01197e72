"""The comparison is one on both of its pages, speaks of everybody, and weighs what is built."""

import gzip
import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
COMPARISON = (ROOT / "docs" / "comparison.md").read_text()
OTHERS = ("Chatwoot", "Open Chat Studio", "Zendesk", "Genesys", "Rasa", "Agents SDK")
STATIC = ROOT / "src" / "chatsession" / "server" / "static"


def rows(page: str) -> list[list[str]]:
    """The first table of a page, without links and emphasis."""
    table = re.search(r"(?:^\|.*\n)+", page, re.MULTILINE).group(0)
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)|\*\*", r"\1", table)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in plain.splitlines()]


def sections() -> dict[str, str]:
    return dict(re.findall(r"^## (.+)\n((?:(?!^## ).*\n?)*)", COMPARISON, re.MULTILINE))


def weight(name: str) -> int:
    return len(gzip.compress((STATIC / name).read_bytes(), 9))


def test_both_tables_say_the_same():
    assert [row[1:] for row in rows(README)[1:]] == [row[1:] for row in rows(COMPARISON)[1:]]
    assert [row[0] for row in rows(README)] == [row[0] for row in rows(COMPARISON)]


def test_every_row_has_its_section():
    anchors = re.findall(r"^\| \[[^\]]+\]\(#([a-z-]+)\)", COMPARISON, re.MULTILINE)

    names = [re.sub(r"[^a-z -]", "", title.lower()).replace(" ", "-") for title in sections()]
    assert anchors == names


def test_every_section_speaks_of_everybody():
    for title, text in sections().items():
        assert "- **chatsession**: " in text, title
        assert "The others" in text or [name for name in OTHERS if name not in text] == [], title


def test_the_numbers_of_the_widget_are_those_of_the_files():
    manifest = json.loads((STATIC / "manifest.json").read_text())
    said = r"less than (\d+) .*?,\s+less than (\d+) .*?,?\s+about (\d+)\s+(?:KB )?more"

    for page in (README.replace(" KB", ""), COMPARISON):
        loader, start, more = (
            int(number) * 1000 for number in re.search(said, page, re.IGNORECASE | re.DOTALL).groups()
        )

        # `make web` holds the limits to the byte; another gzip than Node's packs a little differently.
        assert 0.8 * loader < weight(manifest["loader"]) < 1.02 * loader
        assert 0.8 * start < sum(map(weight, manifest["startup"] + manifest["opening"])) < 1.02 * start
        assert abs(sum(map(weight, manifest["running"])) - more) < 2000

"""The guide to the widget has every option the code has, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
WIDGET = ROOT / "web" / "widget"
GUIDE = (ROOT / "docs" / "guides" / "embed-the-widget.md").read_text()
SOURCES = {path.name: path.read_text() for path in WIDGET.rglob("*") if path.suffix in (".ts", ".css")}


def section(title: str) -> str:
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", GUIDE, re.MULTILINE | re.DOTALL).group(1)


def first_column(text: str) -> str:
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    return "\n".join(row.split(" | ")[0] for row in rows)


def strings(name: str, file: str) -> list[str]:
    """The strings of a constant list in TypeScript."""
    body = re.search(rf"const {name}\b[^=]*= \[(.*?)\]", SOURCES[file], re.DOTALL).group(1)
    return re.findall(r'"([^"]+)"', body)


def everywhere(pattern: str) -> set[str]:
    return {found for text in SOURCES.values() for found in re.findall(pattern, text)}


def options() -> list[str]:
    interface = re.search(r"export interface Options \{(.*?)^\}", SOURCES["options.ts"], re.DOTALL | re.MULTILINE)
    return re.findall(r"readonly (\w+)\??:", interface.group(1))


def test_every_attribute_of_the_script_tag_is_an_option():
    assert 'methods["init"]?.(script.dataset)' in SOURCES["loader.ts"]

    said = re.findall(r"`data-([a-z]+)`", first_column(section("Options of the script tag")))
    assert said
    assert set(said) <= set(options())


def test_every_attribute_of_the_element_is_there_and_no_other():
    source = SOURCES["element.ts"]
    read = set(re.findall(r'(?:text|getAttribute)\("([a-z]+)"\)', source))
    read |= set(re.findall(r'"([a-z]+)"', re.search(r"= \[([^\]]*)\]\.map\(text\)", source).group(1)))

    said = re.findall(r"`([a-z]+)`", first_column(section("In the page, or as a page")))
    assert sorted(said) == sorted(read)


def test_every_call_is_there_and_no_other():
    methods = re.search(r'METHODS =\s+"([^"]+)"', SOURCES["methods.ts"]).group(1).split()

    said = re.findall(r"`([a-zA-Z]+)[(`]", first_column(section("Calls")))
    assert sorted(set(said)) == sorted(methods)


def test_every_option_of_a_call_to_init_is_there():
    for name in options():
        assert f"`data-{name}`" in GUIDE or f"`{name}`" in section("Calls") or name == "inbox", name


def test_every_event_is_there_and_no_other():
    said = re.findall(r"`([a-z.]+)`", first_column(section("Events")))

    assert sorted(said) == sorted(strings("EVENTS", "news.ts"))


def test_every_property_part_and_slot_is_there_and_no_other():
    look = section("Look")

    assert set(re.findall(r"`(--cs-[a-z-]+)`", look)) == everywhere(r"var\((--cs-[a-z-]+)")
    parts, slots = re.search(r"Parts for `::part\(\)`: (.*?)\. Slots: (.*?)\.", look).groups()
    assert set(re.findall(r"`([a-z-]+)`", parts)) == everywhere(r'\bpart(?:: |", )"([a-z-]+)"')
    assert set(re.findall(r"`([a-z-]+)`", slots)) == everywhere(r'(?:"slot", \{ name: |picture\.name = )"([a-z-]+)"')

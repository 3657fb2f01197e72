"""Markdown to passages: one for each heading, tables and lists kept whole, code left as it is."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

from chatsession.bots.knowledge import frontmatter
from chatsession.bots.knowledge.language import Language, forms, language, language_of, language_of_locale
from chatsession.bots.knowledge.passages import Page, Passage, Unit

UNITS_MAX = 60
"""A longer section is cut after a block, so that a page of one endless section is still found by its parts."""
SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]*[^\W_])")
ASKED = re.compile(r"<!--\s*asked:(.*?)-->", re.DOTALL)
"""How people ask for what a section says, in a comment below its heading: `<!-- asked: one way; another way -->`."""
_parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read_page(path: str, text: str, languages: Sequence[str]) -> Page:
    """Cut a page into passages; its language is the front matter's, or the one its words speak."""
    fields, body = frontmatter.split(text)
    code = language_of_locale(fields.get("lang")) or language_of(body, languages) or languages[0]
    sections = list(_sections(body, language(code)))
    title = fields.get("title") or _first_heading(sections) or PurePosixPath(path).stem.replace("-", " ")
    page = Page(path, title, fields.get("url"), code, ())
    passages = tuple(_passage(page, section) for section in sections if section.units)
    used = sorted({title, body}.union(each.title for each in passages))
    return msgspec.structs.replace(page, passages=passages, forms=tuple(sorted(set(forms(" ".join(used))))))


class _Section:
    def __init__(self, headings: tuple[str, ...]) -> None:
        self.headings = headings
        self.units: list[Unit] = []
        self.links: list[str] = []
        self.asked: list[str] = []


def _sections(body: str, speech: Language) -> Iterator[_Section]:
    headings: dict[int, str] = {}
    section = _Section(())
    tokens = _parser.parse(body)
    at = block = 0
    while at < len(tokens):
        token = tokens[at]
        end = _closing(tokens, at)
        if token.type == "heading_open":
            yield section
            level = int(token.tag[1])
            headings = {
                **{each: said for each, said in headings.items() if each < level},
                level: _inline(tokens[at + 1]),
            }
            section = _Section(tuple(headings.values()))
        else:
            if len(section.units) >= UNITS_MAX:
                yield section
                section = _Section(section.headings)
            block += 1
            inside = tokens[at : end + 1]
            section.asked += _asked(token)
            section.units += _units(inside, block, section.units, speech)
            section.links += [
                str(child.attrs["href"]) for each in inside for child in each.children or () if "href" in child.attrs
            ]
        at = end + 1
    yield section


def _asked(token: Token) -> list[str]:
    ways = ASKED.findall(token.content) if token.type == "html_block" else []
    return [way for each in ways for way in each.split(";") if way.strip()]


def _units(tokens: Sequence[Token], block: int, before: Sequence[Unit], speech: Language) -> list[Unit]:
    """The units of one block at the top level of the page."""
    match tokens[0].type:
        case "fence" | "code_block":
            return [Unit("code", tokens[0].content.rstrip("\n"), block)] if tokens[0].content.strip() else []
        case "table_open":
            return list(_rows(tokens, block))
        case "bullet_list_open" | "ordered_list_open":
            lead = before[-1].text if before and before[-1].kind == "sentence" else ""
            kind = "step" if tokens[0].type.startswith("ordered") else "item"
            return [Unit(kind, item, block, lead=lead) for item in _items(tokens)]
        case _:
            texts = (_inline(token) for token in tokens if token.type == "inline")
            return [Unit("sentence", each, block) for text in texts for each in sentences(text, speech)]


def sentences(text: str, speech: Language) -> list[str]:
    """The sentences of a paragraph; an abbreviation's full stop ends none."""
    found: list[str] = []
    for piece in SENTENCE_END.split(text):
        last = re.search(r"([^\W\d_]+)\.$", found[-1]) if found else None
        if last is not None and last[1].casefold() in speech.abbreviations:
            found[-1] += " " + piece
        elif piece.strip():
            found.append(piece.strip())
    return found


def _items(tokens: Sequence[Token]) -> Iterator[str]:
    """The items of a list, those of lists within it too, each with all its paragraphs."""
    open_items: list[list[str]] = []
    for token in tokens:
        if token.type == "list_item_open":
            open_items.append([])
        elif token.type == "inline" and open_items:
            open_items[-1].append(_inline(token))
        elif token.type in {"fence", "code_block"} and open_items:
            open_items[-1].append(token.content.strip())
        elif token.type in {"bullet_list_open", "ordered_list_open", "list_item_close"} and open_items:
            text = " ".join(open_items[-1])
            open_items[-1].clear()
            if text:
                yield text
            if token.type == "list_item_close":
                open_items.pop()


def _rows(tokens: Sequence[Token], block: int) -> Iterator[Unit]:
    """The rows of a table; each says what its columns are."""
    head: list[str] = []
    row: list[str] = []
    is_head = True
    for before, token in zip((None, *tokens), tokens, strict=False):
        if token.type == "inline" and before is not None and before.type in {"th_open", "td_open"}:
            row.append(_inline(token))
        elif token.type == "tr_close":
            if is_head:
                head = row
            elif any(row):
                yield Unit("row", _row_text(head, row), block, lead=" | ".join(head), cells=tuple(row))
            row = []
        elif token.type == "thead_close":
            is_head = False


def _row_text(head: Sequence[str], row: Sequence[str]) -> str:
    first, *rest = row
    told = [(name, cell) for name, cell in zip(head[1:], rest, strict=False) if cell.strip("–—- ")]
    if len(told) == 1 and len(rest) == 1:
        return f"{first}: {told[0][1]}"
    return f"{first} – " + "; ".join(f"{name}: {cell}" if name else cell for name, cell in told) if told else first


def _inline(token: Token) -> str:
    """The text of a line as it is read aloud: no markup, images by their description."""
    said: list[str] = []
    for child in token.children or ():
        match child.type:
            case "text" | "code_inline":
                said.append(child.content)
            case "softbreak" | "hardbreak":
                said.append(" ")
            case "image":
                said.append(child.content)
            case _:
                pass
    return " ".join("".join(said).split())


def _closing(tokens: Sequence[Token], at: int) -> int:
    """Where the block that begins here ends."""
    depth = 0
    for index in range(at, len(tokens)):
        depth += tokens[index].nesting
        if depth <= 0:
            return index
    return len(tokens) - 1


def _first_heading(sections: Sequence[_Section]) -> str | None:
    return next((section.headings[0] for section in sections if section.headings), None)


def _passage(page: Page, section: _Section) -> Passage:
    speech = language(page.language)
    below_title = [heading for heading in section.headings if heading != page.title]
    units = (
        msgspec.structs.replace(unit, stems=speech.stems(unit.text), lead_stems=_lead_stems(unit, speech))
        for unit in section.units
    )
    return Passage(
        path=page.path,
        title=page.title,
        url=page.url,
        heading=" › ".join(below_title),
        units=tuple(units),
        title_stems=speech.stems(page.title),
        heading_stems=speech.stems(" ".join(below_title)),
        links=tuple(section.links),
        asked=tuple(speech.stems(way) for way in section.asked),
    )


def _lead_stems(unit: Unit, speech: Language) -> str:
    return (
        "|".join(speech.stems(part) for part in unit.lead.split(" | "))
        if unit.kind == "row"
        else speech.stems(unit.lead)
    )

from bots.knowledge.dialogues import SHOP
from hypothesis import given
from hypothesis import strategies as st

from chatsession.bots.knowledge.language import forms, language
from chatsession.bots.knowledge.markdown import read_page, sentences

LANGUAGES = ("en", "de")
PAGE = """---
title: "Parcels"
url: /parcels
lang: en
---

# Parcels

We send *parcels*, e.g. [by post](/post). They arrive.

## Prices

| To | Price | |
|---|---|---|
| Here | €1 | – |
| There | €2 | fast |

### Packing

You need:

- a box
  - of card
- string

1. Pack.
2. Send.

```
# not a heading
- not a list
```
"""


def read(text, path="parcels.md"):
    return read_page(path, text, LANGUAGES)


def test_a_page_is_cut_at_its_headings_and_keeps_what_is_above_the_first():
    page = read(PAGE)

    assert (page.title, page.url, page.language) == ("Parcels", "/parcels", "en")
    assert [passage.heading for passage in page.passages] == ["", "Prices", "Prices › Packing"]
    assert [unit.text for unit in page.passages[0].units] == ["We send parcels, e.g. by post.", "They arrive."]
    assert page.passages[0].links == ("/post",)


def test_a_table_stays_whole_and_each_row_says_what_its_columns_are():
    rows = read(PAGE).passages[1].units

    assert [row.text for row in rows] == ["Here – Price: €1", "There – Price: €2; fast"]
    assert {row.block for row in rows} == {rows[0].block}
    assert rows[1].cells == ("There", "€2", "fast")


def test_lists_are_flat_steps_are_numbered_apart_and_code_is_left_alone():
    units = read(PAGE).passages[2].units

    assert [(unit.kind, unit.text) for unit in units] == [
        ("sentence", "You need:"),
        ("item", "a box"),
        ("item", "of card"),
        ("item", "string"),
        ("step", "Pack."),
        ("step", "Send."),
        ("code", "# not a heading\n- not a list"),
    ]
    assert [unit.lead for unit in units if unit.kind == "item"] == ["You need:"] * 3


def test_a_page_without_front_matter_is_called_by_its_heading_or_its_file():
    assert read("# Hello\n\nWorld.").title == "Hello"
    assert read("World.", "much-to-say.md").title == "much to say"
    assert read("---\nnot: closed\n\nWorld.").passages[0].units


def test_the_language_of_a_page_is_what_its_words_speak_unless_it_says_so_itself():
    german = "Die Bücher können nicht verlängert werden, wenn sie vorgemerkt sind."

    assert read(german).language == "de"
    assert read(f"---\nlang: en-GB\n---\n{german}").language == "en"


def test_an_endless_section_is_cut_so_that_its_parts_are_found():
    page = read("\n\n".join(f"Paragraph {number}." for number in range(500)))

    assert len(page.passages) > 5
    assert sum(len(passage.units) for passage in page.passages) == 500


def test_abbreviations_end_no_sentence():
    assert sentences("It takes approx. 3 days, incl. Sundays. Mr. Bean knows. Yes!", language("en")) == [
        "It takes approx. 3 days, incl. Sundays.",
        "Mr. Bean knows.",
        "Yes!",
    ]


def test_the_shops_pages_all_have_a_title_an_address_and_something_to_say():
    pages = [read(path.read_text(), path.name) for path in sorted(SHOP.rglob("*.md"))]

    assert len(pages) >= 24
    assert len({page.url for page in pages}) == len({page.title for page in pages}) == len(pages)
    assert all(page.url and len(page.passages) >= 1 and page.language == "en" for page in pages)


def test_the_shops_pages_refer_only_to_pages_that_are_there():
    pages = [read(path.read_text(), path.name) for path in SHOP.rglob("*.md")]

    links = {link for page in pages for passage in page.passages for link in passage.links}

    assert links <= {page.url for page in pages}


@given(st.text(alphabet="ab.!#|-*_`>[]()1 \n\t\\é\x00", max_size=200))
def test_any_text_is_a_page_and_nothing_is_added_to_it(text):
    page = read(text)

    said = {
        word for passage in page.passages for unit in passage.units for word in forms("".join(unit.cells) or unit.text)
    }
    assert all(unit.text for passage in page.passages for unit in passage.units)
    assert "".join(sorted(said)) == "" or {letter for word in said for letter in word} <= set(text.casefold())

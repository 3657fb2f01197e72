"""The shop's help: the same Markdown that the bot answers from, as pages for people."""

import re
from collections.abc import Iterable
from pathlib import Path

import msgspec
from markdown_it import MarkdownIt
from markupsafe import Markup

from chatsession.bots.knowledge import frontmatter

TOPICS = {
    "delivery": "Delivery",
    "returns": "Returns and refunds",
    "orders": "Orders",
    "payment": "Payment and gifts",
    "products": "Sizes, materials and care",
    "account": "Account and privacy",
    "shop": "About us",
}
"""The folders, in the order in which people look for them."""
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
"""What the pages say to the bot alone: how else people ask."""


class HelpPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page: its address, and what it says."""

    path: str
    title: str
    topic: str
    updated: str
    content: Markup


def read_help(folder: Path) -> dict[str, HelpPage]:
    """Every page by its address, sorted by topic and title."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    pages = [_page(reader, file) for file in folder.rglob("*.md")]
    order = list(TOPICS)
    return {page.path: page for page in sorted(pages, key=lambda page: (order.index(page.topic), page.title))}


def by_topic(pages: Iterable[HelpPage]) -> dict[str, list[HelpPage]]:
    """The pages under the titles of their topics."""
    found: dict[str, list[HelpPage]] = {title: [] for title in TOPICS.values()}
    for page in pages:
        found[TOPICS[page.topic]].append(page)
    return found


def _page(reader: MarkdownIt, file: Path) -> HelpPage:
    fields, body = frontmatter.split(file.read_text(encoding="utf-8"))
    tokens = reader.parse(COMMENT.sub("", body))
    # The page's own layout has the title.
    after_title = 3 if tokens and tokens[0].tag == "h1" else 0
    content = reader.renderer.render(tokens[after_title:], reader.options, {})
    return HelpPage(
        path=fields["url"],
        title=fields["title"],
        topic=file.parent.name,
        updated=fields["updated"],
        # What is written in Markdown is made by the renderer, which lets no HTML through.
        content=Markup(_scrollable(content)),  # noqa: S704  the shop's own documents
    )


def _scrollable(content: str) -> str:
    """Wide tables are scrolled by themselves, with the keyboard too."""
    opened = '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>'
    return content.replace("<table>", opened).replace("</table>", "</table></div>")

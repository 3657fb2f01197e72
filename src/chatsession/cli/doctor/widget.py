"""The widget: whether it is there, and what a website pastes to have it."""

from collections.abc import Iterable, Iterator

from chatsession.cli.doctor.finding import Finding, ok, warning
from chatsession.cli.embedding import script_tag
from chatsession.server.widget.assets import BUILT, MANIFEST


def widget(base_url: str, inboxes: Iterable[str]) -> Iterator[Finding]:
    """Its files, and for each inbox the line that brings it onto a page."""
    if not (BUILT / MANIFEST).exists():
        yield warning("widget", "it was not built into this installation", "install a released package, or `make web`")
        return
    yield ok("widget", "its files are here")
    for name in inboxes:
        says = "to have it on your pages, paste this, with the address visitors reach the server at"
        yield Finding(f"{name}: widget", "ok", says, paste=script_tag(base_url, name))

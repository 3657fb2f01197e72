"""The two inboxes of the demo: one that is quick enough to watch, one as patient as real sales."""

from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from msgspec.structs import replace

from chatsession.core.policy import PRESETS
from chatsession.runtime.inboxes import Inbox
from chatsession.widget import Colours, FilesAllowed, Theme, Widget

SUPPORT = replace(
    PRESETS["support"],
    idle_timeout=timedelta(minutes=3),
    warn_before=timedelta(seconds=60),
    resume_window=timedelta(minutes=5),
    threads="manual",
)
SALES = replace(PRESETS["sales"], threads="manual")
PINE = Theme(
    light=Colours(primary="#2c5a4d", on_primary="#ffffff"),
    dark=Colours(primary="#8fcab5", on_primary="#10201b", me="#2f6455", on_me="#ffffff"),
)
REMEMBERED = {
    "looked_at": {"en": "What you looked at last", "de": "Was du zuletzt angesehen hast"},
    "cart": {"en": "What is in your cart", "de": "Was in deinem Warenkorb liegt"},
}
"""What the shop's pages tell the chat; visitors can see it and have it forgotten."""
WIDGET = Widget(bot_name="Wolle", privacy_link="/help/privacy", theme=PINE, remember=REMEMBERED, files=FilesAllowed())
STARTERS = ("Where is my parcel?", "How do I return something?", "How do I wash wool?", "Do you ship abroad?")
"""What people ask this shop most."""


def inboxes() -> dict[str, Inbox]:
    """The inboxes by name."""
    return {
        "support": Inbox(name="support", title="Help desk", policy=SUPPORT, widget=replace(WIDGET, starters=STARTERS)),
        "sales": Inbox(
            name="sales", title="Sales", policy=SALES, widget=replace(WIDGET, launcher_label="Ask about sizes")
        ),
    }


def shop_folder() -> Path:
    """Where the shop's documents are."""
    return Path(str(files("chatsession.demo") / "shop"))

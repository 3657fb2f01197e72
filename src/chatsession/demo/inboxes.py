"""The two inboxes of the demo: one that is quick enough to watch, one as patient as real sales."""

from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from msgspec.structs import replace

from chatsession.core.policy import PRESETS
from chatsession.runtime.inboxes import Inbox

SUPPORT = replace(
    PRESETS["support"],
    idle_timeout=timedelta(minutes=3),
    warn_before=timedelta(seconds=60),
    resume_window=timedelta(minutes=5),
    threads="manual",
)
SALES = replace(PRESETS["sales"], threads="manual")


def inboxes() -> dict[str, Inbox]:
    """The inboxes by name."""
    return {
        "support": Inbox(name="support", title="Help desk", policy=SUPPORT),
        "sales": Inbox(name="sales", title="Sales", policy=SALES),
    }


def shop_folder() -> Path:
    """Where the shop's documents are."""
    return Path(str(files("chatsession.demo") / "shop"))

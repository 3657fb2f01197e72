"""What an inbox's widget is told, in the shape in which pages read it."""

from typing import Literal

from chatsession.core.policy import Policy
from chatsession.runtime.inboxes import Inbox
from chatsession.server.shapes import Out
from chatsession.widget import Consent, FilesAllowed, RatingAsk, Texts, Theme


class WidgetConfig(Out, frozen=True, kw_only=True):
    """Everything a page needs to draw the widget of an inbox; null is what the inbox does not want."""

    inbox: str
    title: str
    bot_name: str | None
    launcher_label: str | None
    privacy_link: str | None
    consent: Consent | None
    starters: tuple[str, ...]
    """Questions to begin with, offered while nothing was said yet."""
    threads: Literal["off", "manual"]
    on_return: Literal["resume", "new"]
    """What becomes of a message that is written after the end."""
    rating: RatingAsk | None
    files: FilesAllowed | None
    theme: Theme
    texts: dict[str, Texts]
    """By language, the texts that are worded otherwise than in the widget."""
    remember: dict[str, Texts]
    """The context keys a visitor may see and have forgotten, each with its label by language."""
    require_identity: bool
    """Whether only visitors with an identity that the website signed may come in."""


def configuration(inbox: Inbox, policy: Policy, files: FilesAllowed | None) -> WidgetConfig:
    """The widget of an inbox under its current policy."""
    widget = inbox.widget
    return WidgetConfig(
        inbox=inbox.name,
        title=inbox.title or inbox.name,
        bot_name=widget.bot_name,
        launcher_label=widget.launcher_label,
        privacy_link=widget.privacy_link,
        consent=widget.consent,
        starters=widget.starters,
        threads=policy.threads,
        on_return=policy.on_return,
        rating=widget.rating,
        files=files,
        theme=widget.theme,
        texts=widget.texts,
        remember=widget.remember,
        require_identity=inbox.require_identity,
    )

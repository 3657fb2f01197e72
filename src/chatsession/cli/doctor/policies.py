"""The inboxes: whether their policies are fair, and whether those who should can come in."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from chatsession.cli.doctor.finding import Finding, ok, warning
from chatsession.core import durations
from chatsession.core.policy import Policy
from chatsession.settings import InboxSettings

WARNED_AHEAD_MIN = timedelta(seconds=20)
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def inbox(settings: InboxSettings, *, is_public: bool) -> Iterator[Finding]:
    """Everything about one inbox but its bot."""
    yield from _times(settings.name, settings.policy)
    yield from _origins(settings, is_public=is_public)
    yield _identity(settings)


def _times(name: str, policy: Policy) -> Iterator[Finding]:
    about = f"{name}: times"
    if policy.warn_before < WARNED_AHEAD_MIN:
        yield warning(
            about,
            f"visitors are warned only {durations.render(policy.warn_before)} ahead",
            "set warn_before to 20s or more, so that everybody can react (WCAG 2.2.1)",
        )
    if policy.idle_timeout is None and policy.max_duration is None:
        yield warning(about, "sessions never close by themselves", "set idle_timeout, or max_duration")
    else:
        yield ok(about, _in_words(policy))
    if policy.bot_silence is None:
        yield warning(about, "a silent bot is waited for without end", 'set bot_silence, such as "30s"')
    kept = "for ever" if policy.retention is None else f"for {durations.render(policy.retention)}"
    yield ok(f"{name}: retention", f"archived sessions are kept {kept}")


def _in_words(policy: Policy) -> str:
    closed = [
        f"after {durations.render(length)} {of}"
        for length, of in ((policy.idle_timeout, "of silence"), (policy.max_duration, "at the latest"))
        if length is not None
    ]
    return f"closed {' or '.join(closed)}, resumable for {durations.render(policy.resume_window)}"


def _origins(settings: InboxSettings, *, is_public: bool) -> Iterator[Finding]:
    about = f"{settings.name}: origins"
    if not settings.origins:
        if is_public:
            yield warning(about, "pages of your site may not use it from a browser", "name your site in `origins`")
        else:
            yield ok(about, "pages of this machine")
        return
    plain = [each for each in settings.origins if each.startswith("http://") and not _is_here(each)]
    if plain:
        yield warning(about, f"{', '.join(plain)} can be read along on the way", "use https origins")
    else:
        yield ok(about, ", ".join(settings.origins))


def _is_here(origin: str) -> bool:
    return urlsplit(origin).hostname in LOOPBACK


def _identity(settings: InboxSettings) -> Finding:
    about = f"{settings.name}: identity"
    if not settings.identity_secrets:
        return ok(about, "visitors are anonymous")
    return ok(about, "signed identities are required" if settings.require_identity else "signed identities are taken")

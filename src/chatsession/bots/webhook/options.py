"""What a webhook bot is told: whom to ask, with which secrets, and within which bounds."""

from urllib.parse import urlsplit

import msgspec

from chatsession.bots.webhook.addresses import is_loopback_name

SECRET_CHARS_MIN = 16
SECRETS_MAX = 2


class WebhookOptions(msgspec.Struct, frozen=True, kw_only=True):
    """A server of yours that answers turns. Plain http is for this machine, unless `allow_http` says otherwise."""

    url: str
    secrets: tuple[str, ...]
    """What requests are signed with: one secret, or two while one replaces the other."""
    name: str = "webhook"
    release: str | None = None
    """The version of your server; raise it when its answers change, and metrics will show what that did."""
    signed_answers: bool = False
    """Whether answers must be signed too; see chatsession.bots.signatures."""

    allow_http: bool = False
    allow_private: bool = False
    """Whether the server may be in a private network; else every address its name stands for must be a public one."""
    ports: tuple[int, ...] = (443, 8443)
    """The ports of public servers that may be asked."""
    ca_file: str | None = None
    """Certificates to trust instead of the public ones."""

    connect_seconds: float = 5.0
    silence_seconds: float = 10.0
    answer_seconds: float = 60.0
    failures_max: int = 5
    """After so many failures in a row the server is left alone for `pause_seconds`, and then tried with one turn."""
    pause_seconds: float = 10.0

    def __post_init__(self) -> None:
        url = urlsplit(self.url)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise ValueError("url must be an https address")
        if url.username or url.password:
            raise ValueError("url must not hold a password; requests are signed with the secret")
        if url.scheme == "http" and not (self.allow_http or is_loopback_name(url.hostname)):
            raise ValueError("url must begin with https; only a server on this machine may be asked by plain http")
        if not 1 <= len(self.secrets) <= SECRETS_MAX:
            raise ValueError("secrets must hold one secret, or two while one replaces the other")
        if min(map(len, self.secrets)) < SECRET_CHARS_MIN:
            raise ValueError(f"a secret needs at least {SECRET_CHARS_MIN} characters")

    def __repr__(self) -> str:
        return f"WebhookOptions(url={self.url!r}, …)"

"""From a file and the environment to settings, or to the one sentence that says what to change."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from chatsession.core.policy import Policy
from chatsession.core.policy_text import PolicyTextError, policy_from_text
from chatsession.settings.bots import bot_of
from chatsession.settings.environment import overrides
from chatsession.settings.mistakes import SettingsError, WrongKeyError, nearest
from chatsession.settings.places import line_of
from chatsession.settings.shape import InboxSettings, ServerSettings, Settings
from chatsession.settings.table import Table
from chatsession.settings.widget import widget_of
from chatsession.widget import Widget

BYTES_MAX = 1024 * 1024
INBOX_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
ORIGIN = re.compile(r"https?://[^/?#@\s]+")
IDENTITY_SECRET_CHARS_MIN = 32
"""HS256 is as strong as its secret: RFC 7518 asks for 256 bits."""
METRICS = get_args(ServerSettings.__annotations__["metrics"])
INBOX_KEYS = ("title", "origins", "identity_secrets_from", "require_identity", "bot", "preset", "widget")
COMMAND_LINE = "command line"
KNOBS = Policy.__struct_fields__
AT = re.compile(r"\(at line (\d+), column \d+\)")


def read_settings(file: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Read a settings file with the environment over it; raise SettingsError for the first mistake."""
    environment = os.environ if environment is None else environment
    text = _text_of(file)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(file, text, error) from None
    merged, names = overrides(environment, document)
    try:
        return _settings(merged, file.resolve(), environment)
    except WrongKeyError as wrong:
        raise _placed(wrong, file, text, names) from None


def settings_of(document: Mapping[str, Any], base: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Settings without a file, as the command line gives them; paths count from `base`."""
    try:
        return _settings(document, base / COMMAND_LINE, os.environ if environment is None else environment)
    except WrongKeyError as wrong:
        raise SettingsError(COMMAND_LINE, ".".join(wrong.path), wrong.detail, wrong.nearest) from None


def _text_of(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        detail = f"cannot be read ({error.strerror}); `chatsession init` writes one to start from"
        raise SettingsError(str(file), "", detail) from None
    if len(data) > BYTES_MAX:
        raise SettingsError(str(file), "", f"is larger than {BYTES_MAX} bytes; this is not a settings file")
    try:
        return data.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SettingsError(f"{file}:{line}", "", "is not UTF-8 text") from None


def _not_toml(file: Path, text: str, error: tomllib.TOMLDecodeError) -> SettingsError:
    at = AT.search(str(error))
    line = int(at.group(1)) if at else text.rstrip("\n").count("\n") + 1
    sentence = str(error).split(" (at ", 1)[0]
    return SettingsError(f"{file}:{line}", "", f"this is not TOML: {sentence}")


def _placed(wrong: WrongKeyError, file: Path, text: str, names: Mapping[tuple[str, ...], str]) -> SettingsError:
    """The mistake with its place: the variable it came from, or the line it is on."""
    for length in range(len(wrong.path), 0, -1):
        if (name := names.get(wrong.path[:length])) is not None:
            return SettingsError(f"environment {name}", ".".join(wrong.path), wrong.detail, wrong.nearest)
    line = line_of(text, wrong.path)
    place = f"{file}:{line}" if line else str(file)
    return SettingsError(place, ".".join(wrong.path), wrong.detail, wrong.nearest)


def _settings(document: Mapping[str, Any], file: Path, environment: Mapping[str, str]) -> Settings:
    top = Table(document, (), ("server", "inboxes"))
    server, inboxes = _server(top.table("server"), file.parent), top.table("inboxes")
    if not inboxes:
        raise WrongKeyError(
            (), 'there is no inbox; begin with [inboxes.support] and, below it, bot = { kind = "echo" }'
        )
    return Settings(
        server=server,
        inboxes={name: _inbox(name, value, file.parent, environment) for name, value in inboxes.items()},
    )


def _server(value: Any, base: Path) -> ServerSettings:
    default = ServerSettings()
    table = Table(value, ("server",), default.__struct_fields__)
    return ServerSettings(
        host=table.text("host", default.host),
        port=table.count("port", default.port, most=65_535),
        data=table.folder("data", default.data, base),
        trusted_proxies=table.texts("trusted_proxies"),
        hosts=table.texts("hosts"),
        metrics=table.choice("metrics", default.metrics, METRICS),
        messages_per_second=table.number("messages_per_second", default.messages_per_second, least=0.1),
        messages_burst=table.count("messages_burst", default.messages_burst, least=1),
        turn_grace=table.length("turn_grace", default.turn_grace),
    )


def _inbox(name: str, value: Any, base: Path, environment: Mapping[str, str]) -> InboxSettings:
    path = ("inboxes", name)
    if not INBOX_NAME.fullmatch(name):
        raise WrongKeyError(path, "an inbox's name is lower-case letters, digits, - and _, 64 at most")
    table = Table(value, path, (*INBOX_KEYS, *KNOBS))
    secrets = table.secrets("identity_secrets_from", environment, chars_min=IDENTITY_SECRET_CHARS_MIN)
    require_identity = table.truth("require_identity", default=False)
    if require_identity and not secrets:
        raise table.wrong("require_identity", "nobody could come in: name the secret in identity_secrets_from")
    bot, widget = table.values.get("bot"), table.values.get("widget")
    policy = _policy(table)
    return InboxSettings(
        name=name,
        title=table.text("title", ""),
        policy=policy,
        origins=_origins(table),
        identity_secrets=secrets,
        require_identity=require_identity,
        bot=None if bot is None else bot_of(bot, (*path, "bot"), base, environment),
        widget=Widget() if widget is None else widget_of(widget, (*path, "widget"), policy),
    )


def _policy(table: Table) -> Policy:
    knobs = {key: value for key, value in table.values.items() if key == "preset" or key in KNOBS}
    try:
        return policy_from_text(knobs)
    except PolicyTextError as error:
        raise WrongKeyError((*table.path, *error.key.split(".")), error.detail, error.nearest) from None


def _origins(table: Table) -> tuple[str, ...]:
    origins = table.texts("origins")
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            bare = re.match(ORIGIN, origin)
            raise table.wrong(
                "origins",
                f'"{origin}" is not an origin: write scheme and host without a path, such as "https://shop.example"',
                bare.group() if bare else nearest(f"https://{origin}", [f"https://{origin}"]),
            )
    return origins

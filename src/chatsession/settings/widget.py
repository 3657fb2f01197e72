"""Table `[inboxes.NAME.widget]`: what a page needs to draw the widget, checked so that it can be read and trusted."""

import re
from typing import Any, cast, get_args

from chatsession.core.policy import KeyRule, Policy
from chatsession.core.rules.checks import is_text_of_lines
from chatsession.core.words import CloseReason
from chatsession.settings.colours import theme_of
from chatsession.settings.mistakes import WrongKeyError, nearest
from chatsession.settings.table import Table
from chatsession.widget import FILE_BYTES_MAX, KIB, Consent, FilesAllowed, FileType, RatingAsk, Texts, Widget

KEYS = Widget.__struct_fields__
LABEL_CHARS_MAX = 80
SENTENCE_CHARS_MAX = 600
STARTERS_MAX = 4
TEXTS_MAX = 200
FILES_MAX = 200
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
TEXT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
ADDRESS = re.compile(r"(https?://[^\s/?#]+|/(?!/))[^\s]*")
UNLABELLED = "en"
"""The language of a label that names none: what every widget falls back to."""


def widget_of(value: Any, path: tuple[str, ...], policy: Policy) -> Widget:
    """Read a widget's table; raise WrongKeyError for the first mistake."""
    table = Table(value, path, KEYS)
    return Widget(
        bot_name=_line(table, "bot_name"),
        launcher_label=_line(table, "launcher_label"),
        privacy_link=_link(table, "privacy_link"),
        consent=_consent(table),
        starters=_starters(table),
        rating=_rating(table),
        files=_files(table),
        theme=theme_of(table),
        texts={language: _texts(table, language) for language in table.table("texts")},
        remember=_remember(table, policy),
    )


def _line(table: Table, key: str, chars_max: int = LABEL_CHARS_MAX) -> str | None:
    """One line of text that is not too long to be shown."""
    text = table.text(key, None)
    if text is not None and not _is_line(text, chars_max):
        raise table.wrong(key, f"must be one line of 1 to {chars_max} characters")
    return text


def _is_line(text: str, chars_max: int) -> bool:
    return is_text_of_lines(text, lines_max=1) and 0 < len(text.strip()) <= chars_max


def _link(table: Table, key: str) -> str | None:
    link = table.text(key, None)
    if link is not None and not ADDRESS.fullmatch(link):
        raise table.wrong(key, 'must be an address that begins with https://, http:// or /, such as "/privacy"')
    return link


def _inner(table: Table, key: str, known: tuple[str, ...]) -> Table | None:
    """The table under a key; none where the key is not there or says false."""
    value = table.values.get(key, False)
    return None if value is False else Table(value, (*table.path, key), known)


def _consent(table: Table) -> Consent | None:
    consent = _inner(table, "consent", Consent.__struct_fields__)
    if consent is None:
        return None
    consent.needed_text("text", "We keep this chat for 30 days.")
    return Consent(text=_line(consent, "text", SENTENCE_CHARS_MAX) or "", link=_link(consent, "link"))


def _starters(table: Table) -> tuple[str, ...]:
    starters = table.texts("starters")
    if len(starters) > STARTERS_MAX:
        raise table.wrong("starters", f"has {len(starters)} questions; the limit is {STARTERS_MAX}")
    for starter in starters:
        if not _is_line(starter, LABEL_CHARS_MAX):
            raise table.wrong("starters", f"must be lines of 1 to {LABEL_CHARS_MAX} characters each")
    return tuple(starters)


def _rating(table: Table) -> RatingAsk | None:
    if table.values.get("rating", True) is True:
        return RatingAsk()
    rating = _inner(table, "rating", RatingAsk.__struct_fields__)
    if rating is None:
        return None
    ask_on = _words(rating, "ask_on", get_args(CloseReason)) or RatingAsk().ask_on
    return RatingAsk(ask_on=cast("tuple[CloseReason, ...]", ask_on), comment=rating.truth("comment", default=True))


def _files(table: Table) -> FilesAllowed | None:
    if table.values.get("files") is True:
        return FilesAllowed()
    files = _inner(table, "files", FilesAllowed.__struct_fields__)
    if files is None:
        return None
    default = FilesAllowed()
    types = _words(files, "types", get_args(FileType)) or default.types
    return FilesAllowed(
        types=cast("tuple[FileType, ...]", types),
        bytes_max=files.count("bytes_max", default.bytes_max, least=KIB, most=FILE_BYTES_MAX),
        per_session_max=files.count("per_session_max", default.per_session_max, least=1, most=FILES_MAX),
    )


def _words(table: Table, key: str, choices: tuple[str, ...]) -> tuple[str, ...]:
    """Some of the words there are, each once."""
    words = table.texts(key)
    if key in table.values and not words:
        raise table.wrong(key, "names none; leave the key out for the usual ones")
    for word in words:
        if word not in choices:
            raise table.wrong(key, f'"{word}" is none of {", ".join(choices)}', nearest(word, choices))
    return tuple(dict.fromkeys(words))


def _texts(table: Table, language: str) -> Texts:
    path = (*table.path, "texts", language)
    _check_language(path, language)
    texts = Table(table.table("texts")[language], path)
    if len(texts.values) > TEXTS_MAX:
        raise WrongKeyError(path, f"has {len(texts.values)} texts; the limit is {TEXTS_MAX}")
    for name in texts.values:
        if not TEXT_NAME.fullmatch(name):
            raise texts.wrong(name, "is not the name of a text")
    return {name: _line(texts, name, SENTENCE_CHARS_MAX) or "" for name in texts.values}


def _remember(table: Table, policy: Policy) -> dict[str, Texts]:
    keys = Table(table.values.get("remember", {}), (*table.path, "remember"))
    for key in keys.values:
        if not policy.context_keys.get(key, KeyRule()).visitor_may_set:
            detail = "visitors could not make us forget it: context_keys says that they may not set it"
            raise keys.wrong(key, detail)
    return {key: _labels(keys, key) for key in keys.values}


def _labels(keys: Table, key: str) -> Texts:
    """A label for each language; one text alone is for every language."""
    if isinstance(keys.values[key], str):
        return {UNLABELLED: _line(keys, key) or ""}
    labels = Table(keys.values[key], (*keys.path, key))
    if not labels.values:
        raise keys.wrong(key, 'needs a label, such as "Your order"')
    for language in labels.values:
        _check_language((*labels.path, language), language)
    return {language: _line(labels, language) or "" for language in labels.values}


def _check_language(path: tuple[str, ...], language: str) -> None:
    if not LANGUAGE.fullmatch(language):
        raise WrongKeyError(path, f'"{language}" is no language tag; write one such as "de" or "pt-BR"')

"""What the bot says to a turn, and the record of how it came to it."""

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec

from chatsession.bot import Finished, Span, TurnInput
from chatsession.bots.knowledge.answer import Answer, chosen
from chatsession.bots.knowledge.conversation import Asked
from chatsession.bots.knowledge.language import LANGUAGES, Language, language, language_of, language_of_locale
from chatsession.bots.knowledge.library import Library
from chatsession.bots.knowledge.missed import missed_in
from chatsession.bots.knowledge.small_talk import small_talk_in
from chatsession.core.events import Source

ANSWERS_MAX = 2
"""How many questions of one message are answered."""
NEAR = 0.45
"""From here on the pages speak of the matter, but do not answer the question."""
HITS_TRACED_MAX = 5
SUBJECT_KEY, SUBJECT_CHARS_MAX = "looked_at", 80


class Reply(msgspec.Struct, frozen=True):
    """An answer with its record."""

    text: str
    finished: Finished
    spans: tuple[Span, ...] = ()


def reply(library: Library, turn: TurnInput) -> Reply:
    """Answer a turn from the pages."""
    speech = _speech(library, turn)
    if not turn.text.strip():
        return Reply(speech.texts["opening"], Finished())
    kind = _small_talk(library, turn, speech)
    if kind is not None:
        is_for_person = kind == "person"
        return Reply(speech.texts[kind], Finished(result="needs_agent" if is_for_person else "answered"))
    began = time.perf_counter()
    asked = library.asked(_earlier(turn, speech), turn.text, _subject(library, turn))
    answers = _answers(asked)
    span = _span(library, turn.text, asked, answers, (time.perf_counter() - began) * 1_000)
    if answers:
        return _known(answers, speech, span)
    return _unknown(library, turn.text, asked, speech, span)


def _known(answers: Sequence[Answer], speech: Language, span: Span) -> Reply:
    sources = [
        Source(title=each.passage.title, url=each.passage.url, passage=each.passage.heading or None) for each in answers
    ]
    text = "\n\n".join(each.text(speech.texts["also"]) for each in answers)
    return Reply(text, Finished(sources=sources), (span,))


def _unknown(library: Library, text: str, asked: Sequence[Asked], speech: Language, span: Span) -> Reply:
    is_near = any(each.confidence >= NEAR for each in asked)
    said = "no_pages" if not library.languages else "unknown_near" if is_near else "unknown"
    missed = next((found for each in asked if (found := missed_in(each, text)) is not None), None)
    told = speech.texts["unlisted"].format(name=missed.name, title=missed.title) if missed else speech.texts[said]
    return Reply(told, Finished(result="needs_agent", known=False), (span,))


def _answers(asked: Sequence[Asked]) -> list[Answer]:
    """One answer for each question that the pages answer, none twice."""
    answers: list[Answer] = []
    for each in asked:
        if each.is_known:
            answer = chosen(each.hits[0])
            if all(answer.passage != other.passage or answer.units != other.units for other in answers):
                answers.append(answer)
    return answers[-ANSWERS_MAX:]


def _speech(library: Library, turn: TurnInput) -> Language:
    """The language the bot itself speaks in: the visitor's setting, or else the one written in."""
    code = language_of_locale(turn.locale) or language_of(turn.text, tuple(LANGUAGES))
    return language(code or next(iter((*library.languages, *LANGUAGES))))


def _small_talk(library: Library, turn: TurnInput, speech: Language) -> str | None:
    last = next((line.text for line in reversed(turn.lines) if line.role != "visitor"), "")
    # All of them end with the same question.
    was_offered = any(last.endswith(language(code).texts["unknown"].rpartition(". ")[2]) for code in LANGUAGES)
    codes = dict.fromkeys((speech.code, *library.languages, *LANGUAGES))
    said = (small_talk_in(turn.text, language(code), human_was_offered=was_offered) for code in codes)
    return next((kind for kind in said if kind is not None), None)


def _earlier(turn: TurnInput, speech: Language) -> list[str]:
    """What the visitor asked before, oldest first, in the thread at hand."""
    texts = [
        line.text
        for line in turn.lines
        if line.role == "visitor" and (turn.thread is None or line.thread in {None, turn.thread})
    ]
    if texts and texts[-1] == turn.text:
        texts.pop()
    return [text for text in texts if small_talk_in(text, speech, human_was_offered=True) is None]


def _subject(library: Library, turn: TurnInput) -> str | None:
    """What the visitor looks at, by the page or the context: there "how do I wash it?" is about that."""
    subject = library.shown_on.get(_path(turn.page or "")) or turn.context.get(SUBJECT_KEY)
    return subject if isinstance(subject, str) and len(subject) <= SUBJECT_CHARS_MAX else None


def _path(page: str) -> str:
    """Addresses come from browsers: what is none shows nothing."""
    try:
        return urlsplit(page).path
    except ValueError:
        return ""


def _span(library: Library, text: str, asked: Sequence[Asked], answers: Sequence[Answer], ms: float) -> Span:
    output: dict[str, Any] = {
        "passages": [_passages(each) for each in asked],
        "quoted": [unit.text for answer in answers for unit in answer.units],
        "release": library.release,
    }
    if library.skipped:
        output["skipped"] = [{"path": each.path, "reason": each.reason} for each in library.skipped]
    looked_up = [_looked_up(each) for each in asked]
    return Span(
        kind="retrieval", name="pages", ms=round(ms, 3), input={"text": text, "looked_up": looked_up}, output=output
    )


def _looked_up(asked: Asked) -> dict[str, Any]:
    """The question as it was resolved: each term with its weight."""
    return {
        "question": asked.question.text,
        "terms": {term.said: term.weight for term in asked.question.terms},
        "kind": asked.question.kind,
    }


def _passages(asked: Asked) -> list[dict[str, Any]]:
    return [
        {
            "title": hit.passage.title,
            "heading": hit.passage.heading,
            "url": hit.passage.url,
            "confidence": round(hit.confidence, 3),
            "score": round(hit.order, 3),
        }
        for hit in asked.hits[:HITS_TRACED_MAX]
    ]

"""Questions that lean on the ones before: "and to Austria?" is read with what was asked and answered last."""

import re
from collections import OrderedDict
from collections.abc import Iterable, Sequence

import msgspec

from chatsession.bots.knowledge.hits import Hit
from chatsession.bots.knowledge.index import Index
from chatsession.bots.knowledge.passages import Passage
from chatsession.bots.knowledge.question import Question, Reader, Term
from chatsession.bots.knowledge.ranking import ranked

CONFIDENT = 0.65
"""The share of a question that the quoted words, under their headings, must cover."""
SPOKEN_FOR = 1.04
"""How much must speak for a passage whose page tells how it is asked for: what is asked otherwise is seldom meant."""
FADING = 0.5
"""What is left of a term's weight with each question after the one that said it."""
GUIDED_MIN, GUIDED_MIN_OF_FRAGMENT = 0.3, 0.6
"""The share of the earlier questions that must still be spoken of where a question is read with them."""
GUIDANCE, GUIDANCE_WITHIN = 0.12, 0.35
"""What earlier messages add to the order of passages; and earlier clauses of one message, or whatever "it" means."""
MATTER_MIN = 0.8
"""A question whose words weigh less has no matter of its own: "Which one should I take?"."""
WHOLE_MIN = 0.8
"""From here on a message is better read as one than as a question after statements."""
FRAGMENT_TERMS_MAX = 3
TERMS_MAX = 8
EARLIER_MAX = 4
"""How many earlier messages are read again."""
STEPS_CACHED_MAX = 512
_STOPS = re.compile(r"(?<=[.?!;])\s+|\n+")


class Asked(msgspec.Struct, frozen=True):
    """A question as it was resolved, and the passages found for it, best first."""

    question: Question
    hits: tuple[Hit, ...] = ()

    @property
    def confidence(self) -> float:
        """How much of the question the best passage covers."""
        return self.hits[0].confidence if self.hits else 0.0

    @property
    def is_known(self) -> bool:
        """Whether that is enough to answer."""
        if self.confidence < CONFIDENT:
            return False
        best = self.hits[0]
        return not best.passage.asked or best.order >= SPOKEN_FOR


class Conversation:
    """Resolves what a visitor asks, message by message, against one index."""

    def __init__(self, index: Index, reader: Reader) -> None:
        self._index = index
        self._reader = reader
        self._steps: OrderedDict[tuple[str, Question | None, str | None, float], Asked] = OrderedDict()

    def asked(self, earlier: Sequence[str], text: str, subject: str | None = None) -> list[Asked]:
        """What the text asks, one entry for each of its questions, read after the earlier texts and the subject."""
        # Nothing is looked up for it: it only says what "it" is.
        focus = Asked(self._reader.read(subject)) if subject else None
        for message in earlier[-EARLIER_MAX:]:
            focus = self._message(focus, message)[-1]
        return self._message(focus, text)

    def _message(self, focus: Asked | None, text: str) -> list[Asked]:
        """Each question of a message; its statements are what the questions after them lean on."""
        courtesies = self._index.speech.courtesies
        while (courtesy := courtesies.match(text)) and courtesy.end() < len(text):
            text = text[courtesy.end() :]
        clauses = sorted(self._clauses(text), key=lambda clause: self._reader.read(clause).is_asked)
        found: list[tuple[bool, Asked]] = []
        before = focus
        for at, clause in enumerate(clauses):
            before = self._step(before, clause, GUIDANCE_WITHIN if at else GUIDANCE)
            found.append((before.question.is_asked, before))
        asked = [each for is_asked, each in found if is_asked and each.question.terms] or [
            each for _, each in found[-1:]
        ]
        if len(clauses) == 1 or len(asked) > 1:
            return asked
        whole = self._step(focus, text, GUIDANCE)
        least = WHOLE_MIN if asked[-1].is_known else asked[-1].confidence
        return [whole] if whole.confidence > least else asked

    def _clauses(self, text: str) -> Iterable[str]:
        openers = "|".join(sorted(self._index.speech.question_openers))
        joints = re.compile(
            rf"(?:,\s*|\s+)(?:and|but|so|then|und|aber|dann)\s+(?=(?:{openers})\b)|,\s+(?=(?:{openers})\b)",
            re.IGNORECASE,
        )
        clauses = [part for sentence in _STOPS.split(text) for part in joints.split(sentence) if part.strip()]
        return clauses or [text]

    def _step(self, focus: Asked | None, text: str, guidance: float) -> Asked:
        page = focus.hits[0].passage.path if focus is not None and focus.is_known else None
        key = (text, focus.question if focus else None, page, guidance)
        found = self._steps.get(key)
        if found is None:
            found = self._steps[key] = self._resolved(focus, text, page, guidance)
            if len(self._steps) > STEPS_CACHED_MAX:
                self._steps.popitem(last=False)
        return found

    def _resolved(self, focus: Asked | None, text: str, page: str | None, guidance: float) -> Asked:
        """The question by itself or with the one before, whichever is answered more surely."""
        question = self._reader.read(text)
        if focus is None or not focus.question.terms:
            return self._look_up(question, None)
        says_little = sum(term.weight for term in question.terms) < MATTER_MIN
        if says_little or _may_lean(question) or guidance == GUIDANCE_WITHIN:
            whole = self._merged(focus.question, question)
            # Within one message "it" is what was just said, not what the page that speaks of it is about.
            if page is not None and guidance != GUIDANCE_WITHIN and (says_little or question.has_anaphora):
                whole = self._about_page(whole, focus.hits[0].passage)
            if says_little:
                whole = _asked_again(whole)
            merged = self._look_up(whole, page, max(guidance, GUIDANCE_WITHIN * question.has_anaphora))
            if says_little or (merged.is_known and merged.hits[0].guided >= _guided_min(question, guidance)):
                return merged
        alone = self._look_up(question, page)
        return self._on_same_page(focus.question, alone, page) or alone

    def _on_same_page(self, old: Question, alone: Asked, page: str | None) -> Asked | None:
        """A question that a page answers by itself, read with the one before where that picks a place on this page."""
        if not alone.is_known:
            return None
        merged = self._look_up(self._merged(old, alone.question), page, GUIDANCE)
        best = merged.hits[0]
        is_same = merged.is_known and best.passage.path == alone.hits[0].passage.path
        return merged if is_same and best.guided >= GUIDED_MIN_OF_FRAGMENT else None

    def _look_up(self, question: Question, page: str | None, guidance: float = 0.0) -> Asked:
        return Asked(question, tuple(ranked(self._index, question, page, guidance)))

    def _about_page(self, question: Question, passage: Passage) -> Question:
        """What "it" means is what the page that answered last is about."""
        weight = sum(term.weight for term in question.terms if term.is_old)
        title = msgspec.structs.replace(self._reader.named(passage.title, weight), is_old=True)
        return msgspec.structs.replace(question, terms=(title, *question.terms))

    def _merged(self, old: Question, new: Question) -> Question:
        """What is new replaces what it is an alternative to; the rest of the old question stays, and counts less."""
        asks_anew = new.kind is not None and new.kind != old.kind
        about_kind = (
            self._index.speech.kind_stems.get(old.kind or "", frozenset[str]()) if asks_anew else frozenset[str]()
        )
        kept = [
            msgspec.structs.replace(term, weight=round(term.weight * FADING, 3), is_old=True)
            for term in old.terms
            if not term.is_title
            and about_kind.isdisjoint(term.variants)
            and not any(self._is_replaced(term, by) for by in new.terms)
        ]
        inherits = new.kind is None and new.is_fragment
        return msgspec.structs.replace(
            new,
            terms=tuple([*kept, *new.terms][-TERMS_MAX:]),
            kind=old.kind if inherits else new.kind,
            is_strict=old.is_strict if inherits else new.is_strict,
        )

    def _is_replaced(self, old: Term, new: Term) -> bool:
        if {*old.variants, *old.broader} & {*new.variants, *new.broader}:
            return True
        if old.after is not None and old.after == new.after:
            return True
        return self._index.are_alternatives(old.variants[0], new.variants[0])


def _asked_again(question: Question) -> Question:
    """A question that adds no matter of its own asks the earlier one again, of another kind or about the next thing."""
    terms = tuple(msgspec.structs.replace(term, is_old=False, is_carried=not term.is_title) for term in question.terms)
    return msgspec.structs.replace(question, terms=terms)


def _may_lean(question: Question) -> bool:
    is_short = question.is_fragment and len(question.terms) <= FRAGMENT_TERMS_MAX
    return question.has_cue or question.has_anaphora or is_short


def _guided_min(question: Question, guidance: float) -> float:
    leans = question.has_cue or question.has_anaphora or guidance == GUIDANCE_WITHIN
    return GUIDED_MIN if leans else GUIDED_MIN_OF_FRAGMENT

"""What a visitor asks: weighted terms, the kind of answer wanted, and whether it leans on what was said before."""

from collections.abc import Sequence

import msgspec

from chatsession.bots.knowledge.background import INFORMATION_MIN, Background
from chatsession.bots.knowledge.index import Index
from chatsession.bots.knowledge.language import Word, forms
from chatsession.bots.knowledge.spelling import Spelling

INFORMATION_OF_SYNONYMS_MIN = 0.5
"""What help desks have a group of words for is a matter, however common the word ("send", "change")."""
NUMBER_SHARE = 0.35
TOPIC_FACTOR = 1.6
"""How much more a word tells that is the title of a page, however often the page repeats it."""
PHRASE_WORDS_MAX = 4
PARTS_LETTERS_MIN = 4
LINKS = ("", "s", "es", "n", "en")
"""What German puts between the parts of a compound."""


class Term(msgspec.Struct, frozen=True):
    """One matter of a question: the word said, all that may stand for it, and how much hangs on it."""

    said: str
    stem: str
    variants: tuple[str, ...]
    """The phrases of stems that may stand for it, what was said first."""
    weight: float
    after: str | None = None
    """The preposition it was said with."""
    literal: int = 1
    """How many of the variants were said themselves."""
    broader: tuple[str, ...] = ()
    """The phrases for what it is a kind of."""
    is_number: bool = False
    is_unknown: bool = False
    """Whether no page has it, nor anything that may stand for it."""
    is_directed: bool = False
    """Whether it was said after "to", "from" or "with"."""
    is_title: bool = False
    """Whether nobody said it: it is the page that is gone on about."""
    is_carried: bool = False
    """Whether it is asked about again without being said again: where it is not mentioned, it is half meant."""
    is_old: bool = False
    """Whether an earlier question said it: it guides, but need not be covered."""


class Question(msgspec.Struct, frozen=True):
    """A question as it is looked up."""

    text: str
    terms: tuple[Term, ...]
    kind: str | None = None
    is_strict: bool = False
    """Whether only an answer of that kind is one."""
    has_cue: bool = False
    has_anaphora: bool = False
    is_fragment: bool = False
    """Whether it lacks what makes a question a sentence: "Express?"."""
    opener: str = ""
    """The question word it begins with."""
    is_asked: bool = False
    """Whether it reads as a question, and not as a statement."""


class Reader:
    """Reads questions with the eyes of one index."""

    def __init__(self, index: Index, background: Background) -> None:
        self._index = index
        self._speech = index.speech
        self._background = background
        self._spelling = Spelling(index, background)

    def read(self, text: str) -> Question:
        """The question in a text."""
        said = [self._spelling.corrected(form) for form in forms(text)]
        cue = self._cue(said)
        rest = said[len(cue) :]
        kind, asked, is_strict = self._kind(rest)
        opener = next((word for word in rest[:1] if word in self._speech.question_openers), "")
        about_kind = self._speech.kind_stems.get(kind or "", frozenset[str]()) if asked else frozenset[str]()
        # Of "how much discount" the discount is still a matter; "how" and "much" only ask for the kind.
        kept = [
            word
            for at, word in enumerate(rest)
            if self._speech.stem(word) not in about_kind
            and not (at in asked and (word in self._speech.stop_words or word in self._speech.question_openers))
        ]
        return Question(
            text=" ".join(said),
            terms=tuple(self._terms(kept)),
            kind=kind,
            is_strict=is_strict,
            has_cue=bool(cue),
            has_anaphora=any(word in self._speech.anaphora for word in rest),
            is_fragment=not opener,
            opener=opener,
            is_asked="?" in text or kind is not None or bool(opener),
        )

    def named(self, title: str, weight: float) -> Term:
        """A page's title as a term of a question that goes on about that page."""
        stem = " ".join(self._speech.phrase(title))
        return Term(title, stem, (stem,), weight, is_title=True)

    def _cue(self, said: Sequence[str]) -> tuple[str, ...]:
        return next((cue for cue in self._speech.follow_cues if tuple(said[: len(cue)]) == cue), ())

    def _kind(self, said: Sequence[str]) -> tuple[str | None, range, bool]:
        """The kind of answer asked for, which words ask for that alone, and whether nothing else will do."""
        speech = self._speech
        for phrase, name in speech.kind_phrases:
            at = _find(phrase, said)
            if at is None:
                continue
            words = range(at, at + len(phrase))
            if phrase[0] in speech.question_openers:
                # "Can you tell me when it comes?" asks for a time, and "Can I return it when it is worn?" does not.
                if all(word in speech.stop_words for word in said[:at]):
                    return name, words, True
                continue
            # "What is your telephone number?", not "How do I change my telephone number?"; and "What is the price
            # guarantee?" asks for no price.
            is_whole = all(word in speech.stop_words for word in said[words.stop : words.stop + 1])
            if is_whole and (said[0] in speech.which_words or said[0] not in speech.question_openers):
                return name, words if len(phrase) == 1 else range(0), True
        return None, range(0), False

    def _terms(self, said: Sequence[str]) -> list[Term]:
        speech = self._speech
        terms: list[Term] = []
        after: str | None = None
        is_either = False
        words = [Word(form, speech.stem(form)) for form in said]
        at = 0
        while at < len(words):
            form = words[at].form
            length, variants = self._phrase(words[at:], after)
            if length > 1 or form not in speech.stop_words:
                found = self._terms_of([word.form for word in words[at : at + max(length, 1)]], variants, after)
                terms = (
                    [*terms[:-1], self._either(terms[-1], found[0])] if is_either and terms and found else terms + found
                )
                after, is_either = None, False
            elif form not in speech.fillers:
                is_infinitive = at > 0 and words[at - 1].form in speech.before_infinitive
                after = form if form in speech.prepositions and not is_infinitive else None
                is_either = form in speech.or_words
            at += max(length, 1)
        return _distinct(terms)

    def _either(self, one: Term, other: Term) -> Term:
        """One matter of two words joined by "or"; a word the pages do not use adds nothing to one they use."""
        known = [term for term in (one, other) if self._index.df(term.variants)] or [one]
        literal = dict.fromkeys(each for term in known for each in term.variants[: term.literal])
        variants = tuple(dict.fromkeys((*literal, *(each for term in known for each in term.variants))))
        weight = min(term.weight for term in known)
        return Term(f"{one.said} / {other.said}", f"{one.stem} {other.stem}", variants, weight, one.after, len(literal))

    def _phrase(self, words: Sequence[Word], after: str | None) -> tuple[int, tuple[str, ...]]:
        """How many words here make one matter that the language has synonyms for, and those.

        Who sends something to a town sends it to its country; a shop in the country is not one in the town.
        """
        places = self._speech.places if after in self._speech.directions else {}
        stems: list[str] = []
        found: tuple[int, tuple[str, ...]] = (0, ())
        for length, word in enumerate(words, 1):
            # "Send it back" is "send back".
            if stems and word.form in self._speech.fillers:
                continue
            stems.append(word.stem)
            variants = self._speech.synonyms.get(tuple(stems)) or places.get(tuple(stems))
            if variants is not None:
                found = (length, variants)
            if len(stems) == PHRASE_WORDS_MAX:
                break
        return found

    def _terms_of(self, said: Sequence[str], variants: Sequence[str], after: str | None) -> list[Term]:
        speech = self._speech
        stem = " ".join(speech.stem(form) for form in said if form not in speech.fillers or len(said) == 1)
        known = tuple(each for each in dict.fromkeys((stem, *variants)) if self._index.df((each,)))
        if known:
            return [self._term(said, stem, known, after, has_synonyms=bool(variants))]
        return [term for form in said for term in self._alone(form, after)]

    def _alone(self, form: str, after: str | None) -> list[Term]:
        """The terms of one word that the pages do not use in any of the forms we know."""
        if form in self._speech.stop_words or (len(form) == 1 and not form.isdigit()):
            return []
        stem = self._speech.stem(form)
        if self._index.df((stem,)):
            return [self._term([form], stem, (stem,), after)]
        parts = [(part, self._speech.stem(part)) for part in self._parts(form) or ()]
        if parts:
            return [self._term([part], stem, (stem,), after) for part, stem in parts]
        derived = self._derived(form, stem)
        return [self._term([form], derived[0] if derived else stem, derived or (stem,), after)]

    def _term(
        self,
        said: Sequence[str],
        stem: str,
        variants: tuple[str, ...],
        after: str | None,
        *,
        has_synonyms: bool = False,
    ) -> Term:
        is_number = said[0][0].isdigit()
        information = max(self._background.information(form) for form in said)
        if has_synonyms and information > INFORMATION_MIN:
            information = max(information, INFORMATION_OF_SYNONYMS_MIN)
        literal = int(stem in variants)
        # By the word itself where the pages use it: that many others may stand for it makes it no less telling.
        weight = self._index.idf(variants[: literal or None]) * (NUMBER_SHARE if is_number else information)
        weight *= TOPIC_FACTOR if self._index.is_topic(variants[0]) else 1.0
        broader = self._broader(variants)
        return Term(
            " ".join(said),
            stem,
            variants,
            round(weight, 3),
            after,
            literal,
            broader,
            is_number,
            is_unknown=not self._index.df(tuple(variants)),
            is_directed=after in self._speech.directions or after in self._speech.companions,
        )

    def _broader(self, variants: Sequence[str]) -> tuple[str, ...]:
        """What it is a kind of; but a country that is on no page is not among those delivered to."""
        if not self._index.df(tuple(variants)):
            return ()
        wider = dict.fromkeys(each for variant in variants for each in self._speech.broader.get(variant, ()))
        return tuple(each for each in wider if each not in variants and self._index.df((each,)))

    def _derived(self, form: str, stem: str) -> tuple[str, ...]:
        """Stems the pages use that this word is derived from, or that are derived from it: "itchy" and "itch"."""
        bases = {word[: -len(end)] for end in self._speech.endings for word in (stem, form) if word.endswith(end)} | {
            stem
        }
        derived = {base + end for base in bases for end in ("", *self._speech.endings)} - {stem}
        return tuple(sorted(each for each in derived if len(each) >= PARTS_LETTERS_MIN and self._index.df((each,))))

    def _parts(self, form: str) -> tuple[str, str] | None:
        """The two words of the pages that a compound is made of."""
        for at in range(len(form) - PARTS_LETTERS_MIN, PARTS_LETTERS_MIN - 1, -1):
            tail = form[at:]
            for link in LINKS:
                head = form[: at - len(link)]
                if form[:at].endswith(link) and len(head) >= PARTS_LETTERS_MIN and self._are_used(head, tail):
                    return head, tail
        return None

    def _are_used(self, *parts: str) -> bool:
        return all(self._index.knows(part) and part not in self._speech.stop_words for part in parts)


def _find(phrase: Sequence[str], said: Sequence[str]) -> int | None:
    places = range(len(said) - len(phrase) + 1)
    return next((at for at in places if tuple(said[at : at + len(phrase)]) == phrase), None)


def _distinct(terms: Sequence[Term]) -> list[Term]:
    """The terms without those that say the same again."""
    return list({term.variants: term for term in reversed(terms)}.values())[::-1]

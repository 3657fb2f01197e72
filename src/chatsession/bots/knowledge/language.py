"""What the bot knows of a language: stems, stop words, synonyms, question words, and the bot's own sentences."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from importlib import resources
from typing import Any, Protocol, cast

import msgspec
import snowballstemmer  # pyright: ignore[reportMissingTypeStubs]  it ships none

from chatsession.bots.knowledge.words import Words

LANGUAGES = {"en": "english", "de": "german"}
"""The languages with a file in `languages/`, and Snowball's name for each."""
PACKAGE = "chatsession.bots.knowledge"
STEMS_CACHED_MAX = 200_000
WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of answer that a question can ask for: how it is asked, spoken of, and what an answer must contain."""

    asked_by: tuple[str, ...]
    said_by: tuple[str, ...]
    answered_by: str
    is_named: bool = False
    """Whether it must be said what it is of: below a heading stand many prices, and few are that of its matter."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    stop_words: str
    fillers: str
    or_words: str
    prepositions: str
    directions: str
    companions: str
    before_infinitive: str
    follow_cues: tuple[str, ...]
    anaphora: str
    open_questions: str
    which_words: str
    how_words: str
    question_openers: str
    negations: str
    abbreviations: str
    irregular: tuple[str, ...]
    endings: str
    kinds: dict[str, Kind]
    small_talk: dict[str, Any]
    texts: dict[str, str]
    synonyms: Words


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  Snowball's name


class Word(msgspec.Struct, frozen=True, array_like=True):
    """One word of a text: as written, without case and apostrophes, and its stem."""

    form: str
    stem: str


def forms(text: str) -> list[str]:
    """The words of a text without case, accents that are only typography, and apostrophes."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return [re.sub("['’]", "", word) for word in WORD.findall(plain)]


class Language:
    """The words of one language, read from its data file."""

    def __init__(self, code: str, own: Words | None = None) -> None:
        self.code = code
        self._own = own or Words()
        data = resources.files(PACKAGE).joinpath("languages", f"{code}.toml").read_bytes()
        self._file = msgspec.toml.decode(data, type=_File)
        self._stemmer = cast("_Stemmer", snowballstemmer.stemmer(LANGUAGES[code]))  # pyright: ignore[reportUnknownMemberType]
        self._stems: dict[str, str] = {}
        self._base = {form: base for base, *others in map(forms, self._file.irregular) for form in others}
        file = self._file
        self.stop_words = frozenset(forms(file.stop_words))
        self.fillers = frozenset(forms(file.fillers))
        self.or_words = frozenset(forms(file.or_words))
        self.prepositions = frozenset(forms(file.prepositions))
        self.directions = frozenset(forms(file.directions))
        self.companions = frozenset(forms(file.companions))
        self.before_infinitive = frozenset(forms(file.before_infinitive))
        self.anaphora = frozenset(forms(file.anaphora))
        self.open_questions = frozenset(forms(file.open_questions))
        self.which_words = frozenset(forms(file.which_words))
        self.how_words = frozenset(forms(file.how_words))
        self.question_openers = frozenset(forms(file.question_openers))
        self.negations = frozenset(forms(file.negations))
        self.abbreviations = frozenset(forms(file.abbreviations))
        self.endings = tuple(sorted(file.endings.split(), key=len, reverse=True))
        self.follow_cues = _phrases(file.follow_cues)
        self.kinds = file.kinds
        self.texts = file.texts
        self.small_talk: dict[str, tuple[tuple[str, ...], ...]] = {
            name: _phrases(said if isinstance(said, list) else str(said).split())  # pyright: ignore[reportUnknownArgumentType]
            for name, said in file.small_talk.items()
        }

    def stem(self, form: str) -> str:
        """The stem of a word: what its inflections share."""
        found = self._stems.get(form)
        if found is None:
            if len(self._stems) >= STEMS_CACHED_MAX:
                self._stems.clear()
            found = self._stems[form] = self._stemmed(form)
        return found

    def words(self, text: str) -> list[Word]:
        """The words of a text with their stems."""
        return [Word(form, self.stem(form)) for form in forms(text)]

    def stems(self, text: str) -> str:
        """The stems of a text without fillers, one space around each: a phrase is found as its stems in a row."""
        return f" {' '.join(self.phrase(text))} "

    def phrase(self, text: str) -> tuple[str, ...]:
        """The stems of a phrase without fillers: "get my money" is "get money"."""
        return tuple(self.stem(form) for form in forms(text) if form not in self.fillers)

    @cached_property
    def stop_stems(self) -> frozenset[str]:
        """The stems of the stop words."""
        return frozenset(self.stem(form) for form in self.stop_words)

    @cached_property
    def negation_stems(self) -> frozenset[str]:
        """The stems of the words that say what does not hold."""
        return frozenset(self.stem(form) for form in self.negations)

    @cached_property
    def synonyms(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """For each phrase of stems, every phrase that may stand for it, itself first."""
        table: dict[tuple[str, ...], dict[str, None]] = {}
        for group in (*self._own.same, *self._file.synonyms.same):
            phrases = self._phrases(group)
            joined = dict.fromkeys(" ".join(phrase) for phrase in phrases)
            for phrase in phrases:
                table.setdefault(phrase, {" ".join(phrase): None}).update(joined)
        return {phrase: tuple(variants) for phrase, variants in table.items()}

    @cached_property
    def places(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """For each town, itself and its country by all its names."""
        table: dict[tuple[str, ...], tuple[str, ...]] = {}
        for country, towns in (*self._own.places.items(), *self._file.synonyms.places.items()):
            names = self.synonyms.get(self.phrase(country), (" ".join(self.phrase(country)),))
            table |= {town: (" ".join(town), *names) for town in self._phrases(towns)}
        return table

    @cached_property
    def broader(self) -> dict[str, tuple[str, ...]]:
        """For each phrase of stems, the wider ones: what holds for an item holds for a hat."""
        table: dict[str, tuple[str, ...]] = {}
        for wider, narrower in (*self._own.broader.items(), *self._file.synonyms.broader.items()):
            found = tuple(" ".join(phrase) for phrase in self._phrases(wider))
            for phrase in self._phrases(narrower):
                table[" ".join(phrase)] = (*table.get(" ".join(phrase), ()), *found)
        return table

    @cached_property
    def courtesies(self) -> re.Pattern[str]:
        """A greeting, thanks or "ok" before the matter itself."""
        said = (phrase for kind in ("greeting", "thanks", "assent") for phrase in self.small_talk[kind])
        phrases = "|".join(r"\s+".join(map(re.escape, phrase)) for phrase in said)
        cues = "|".join(sorted({re.escape(cue[0]) for cue in self.follow_cues}))
        return re.compile(rf"\s*(?:{phrases})(?:\s*[,.!;:–-]+\s*|\s+(?=(?:{cues})\b))", re.IGNORECASE)

    @cached_property
    def answer_patterns(self) -> dict[str, re.Pattern[str]]:
        """What a text must contain to answer each kind of question."""
        return {name: re.compile(kind.answered_by, re.IGNORECASE) for name, kind in self.kinds.items()}

    @cached_property
    def kind_phrases(self) -> list[tuple[tuple[str, ...], str]]:
        """How each kind is asked for, the longest phrase first."""
        pairs = [(tuple(forms(said)), name) for name, kind in self.kinds.items() for said in kind.asked_by]
        return sorted(pairs, key=lambda pair: -len(pair[0]))

    @cached_property
    def kind_stems(self) -> dict[str, frozenset[str]]:
        """The stems that speak of each kind itself (cost, time), not of the matter asked about."""
        return {
            name: frozenset(self.stem(form) for said in kind.said_by for form in forms(said))
            for name, kind in self.kinds.items()
        }

    def _phrases(self, listed: str) -> list[tuple[str, ...]]:
        return [self.phrase(each) for each in listed.split(",")]

    def _stemmed(self, form: str) -> str:
        stem = self._stemmer.stemWord(self._base.get(form, form))
        # "delivery" and "deliver" are one word to a visitor; Snowball leaves them apart.
        return stem[:-1] if self.code == "en" and len(stem) > len("itch i") and stem.endswith("i") else stem


@cache
def language(code: str) -> Language:
    """The language of a code, read once, without any site's own words."""
    return Language(code)


def language_of(text: str, among: Sequence[str]) -> str | None:
    """The language whose stop words the text uses most, or None where it uses none that tells."""
    counts = {code: sum(word in language(code).stop_words for word in forms(text)) for code in among}
    ranked = sorted(counts.values(), reverse=True)
    if not ranked or ranked[0] == 0 or (len(ranked) > 1 and ranked[0] == ranked[1]):
        return None
    return max(counts, key=lambda code: counts[code])


def language_of_locale(locale: str | None) -> str | None:
    """The language of a locale such as "de-AT", where the bot speaks it."""
    code = (locale or "").replace("_", "-").partition("-")[0].casefold()
    return code if code in LANGUAGES else None


def _phrases(said: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((tuple(forms(each)) for each in said), key=len, reverse=True))

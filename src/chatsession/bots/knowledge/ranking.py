"""How well the units of a passage, read under its headings, cover what is asked."""

from collections.abc import Iterator, Mapping, Sequence

from chatsession.bots.knowledge.coverage import Places, number_share_in, places_of, share_in
from chatsession.bots.knowledge.hits import Cover, Hit, Rated
from chatsession.bots.knowledge.index import Index
from chatsession.bots.knowledge.language import forms
from chatsession.bots.knowledge.passages import Passage, Unit
from chatsession.bots.knowledge.question import Question, Term

STEPS_SHARE = 0.1
"""What adds to steps where it is asked how something is done."""
SMALL_WORDS_SHARE = 0.2
"""What words without a matter of their own ("how do i", "can i") add to how like two questions are."""
OPPOSITE = 0.7
"""What is left of that where one says what does not hold, and the other does not."""
AS_ASKED = 2.0
"""The order of what is asked in just the words in which people are known to ask."""
AS_GOOD_AS_ASKED = 1.05
"""From here on a question is one that people are known to ask, and its answer need not look like one of that kind."""
IN_PAGE = 0.3
"""What a term counts by that stands elsewhere on the page."""
TOLD_BY_SYNONYM = 0.75
FORGIVEN_SHARE = 0.5
"""What a thing counts by that the passage does not mention, when it mentions none of its alternatives either."""
WRONG_KIND_STRICT, WRONG_KIND = 0.55, 0.92
HEADING_SHARE, TITLE_SHARE, SUBJECT_SHARE = 0.14, 0.1, 0.06
KIND_IN_HEADING_SHARE, KIND_SHARE = 0.1, 0.03
BM25_SHARE, AUTHORITY_SHARE, PAGE_SHARE = 0.08, 0.05, 0.05
OPENER_SHARE, AS_SAID_SHARE, ASKED_SHARE = 0.03, 0.04, 0.25
"""What adds to the order of passages, and makes no answer surer: that heading, title or the first cell of a row are
what is asked; words of the kind asked for; BM25; that other pages refer here; the page that answered last; that heading
and question begin alike; that the words stand there letter for letter; that people are known to ask for it so."""
INTRODUCTION_SHARE, INTRODUCTION_SHARE_IF_BROAD, BROAD = 0.5, 1.2, 0.75
"""What a title counts by as the heading of the words right below it; more where the title is all that is asked."""
NEGATED = 0.15
"""What a heading that says what does not hold loses where it is asked what does, and gains where that is asked."""
WHOLE_TABLE = 0.05
"""A sentence that says it is better than a whole table."""
OLD_IN_CHOICE, OLD_IS_SUBJECT, ABOUT_AS_GOOD, IN_COLUMN = 0.3, 0.2, 0.05, 0.05
"""Among units about as good, those win that speak of the earlier questions too, or are of a column asked for."""


def ranked(index: Index, question: Question, page: str | None = None, guidance: float = 0.0) -> list[Hit]:
    """The passages that may answer, best first; `page` answered last, and `guidance` is what old terms add."""
    if not question.terms:
        return _asked_so(index, question)
    found = index.search([term.variants for term in question.terms if not term.is_number])
    best = max((score for _, score in found), default=1.0) or 1.0
    pages: dict[str, str] = {}
    for passage, _ in found:
        pages[passage.path] = pages.get(passage.path, "") + "".join(unit.stems for unit in passage.units)
    scale = _Scale(index, question, page, guidance, pages)
    hits = [scale.hit(passage, score / best) for passage, score in found]
    return sorted(hits, key=lambda hit: -hit.order)


def _asked_so(index: Index, question: Question) -> list[Hit]:
    """Where small words are all that is said ("where is it?"): what people are known to ask for in just these."""
    passage = index.asked_so(index.speech.stems(question.text))
    even = (0.0,) * len(passage.units) if passage else ()
    return [Hit(passage, 1.0, 0.0, AS_ASKED, even, even)] if passage else []


class _Scale:
    """Weighs passages against one question."""

    def __init__(
        self, index: Index, question: Question, page: str | None, guidance: float, pages: Mapping[str, str]
    ) -> None:
        self._pages = pages
        self._guidance = guidance
        self._index = index
        self._question = question
        self._page = page
        self._new = [term for term in question.terms if not term.is_old] or list(question.terms)
        self._old = [term for term in question.terms if term not in self._new]
        self._kind = index.speech.kind_stems.get(question.kind or "", frozenset[str]())
        self._asks_how = question.kind is None and question.opener in index.speech.how_words
        self._small = set(index.speech.phrase(question.text)) & index.speech.stop_stems

    def hit(self, passage: Passage, bm25: float) -> Hit:
        """The passage with everything that speaks for it."""
        likeness, way = max(((self._like(way), way) for way in passage.asked), default=(0.0, ""))
        rated = self._rated(passage, likeness, way)
        at = max(range(len(rated)), key=lambda at: rated[at].guided(self._guidance))
        best = rated[at]
        order = (
            best.guided(self._guidance)
            + self._headed(passage, best.unit)
            + ASKED_SHARE * likeness
            + BM25_SHARE * bm25
            + AUTHORITY_SHARE * self._index.authority(passage.url)
            + PAGE_SHARE * (passage.path == self._page)
        )
        return Hit(
            passage,
            best.score + best.kind * self._on_page(passage, at, way),
            best.cover.old,
            order,
            tuple(self._choices(rated)),
            tuple(each.cover.own for each in rated),
            self._is_of_any(passage),
            not passage.heading and self._is_broad(passage),
        )

    def _rated(self, passage: Passage, likeness: float, way: str) -> list[Rated]:
        """Each unit with what it covers, and what it keeps of that."""
        covers = [self._cover(passage, at, way) for at in range(len(passage.units))]
        paired = list(zip(passage.units, covers, strict=True))
        says_it = any(cover.own for unit, cover in paired if unit.kind != "row")
        is_as_asked = likeness >= AS_GOOD_AS_ASKED
        return [
            Rated(
                unit,
                cover,
                1.0 if is_as_asked else self._kind_share(passage, unit, cover),
                says_it * self._whole_table(unit, cover),
            )
            for unit, cover in paired
        ]

    def _choices(self, rated: Sequence[Rated]) -> Iterator[float]:
        """What each unit counts by where the best of the passage are chosen."""
        top = max(each.score for each in rated) - ABOUT_AS_GOOD
        for each in rated:
            of_old = OLD_IN_CHOICE * each.cover.old + OLD_IS_SUBJECT * self._is_old_subject(each.unit)
            of_column = IN_COLUMN * self._is_column_of_kind(each.unit)
            yield each.score + (each.score >= top) * of_old + of_column - each.table

    def _on_page(self, passage: Passage, at: int, way: str) -> float:
        """What the rest of the page adds to how sure an answer is; things have their own sections and add nothing."""
        said = "".join(text for _, text in places_of(passage, at, way))
        elsewhere = [
            term
            for term in self._new
            if not term.is_number and not share_in(term, said) and not self._index.alternatives(term.variants[0])
        ]
        found = sum(term.weight * share_in(term, self._pages[passage.path]) for term in elsewhere)
        return IN_PAGE * found / (sum(term.weight for term in self._new) or 1.0)

    def _headed(self, passage: Passage, unit: Unit) -> float:
        """What speaks for a unit in its headings: those above it, and the first cell, which is the heading of a row."""
        is_introduction = not passage.heading
        heading = passage.title_stems if is_introduction else passage.heading_stems
        introduction = INTRODUCTION_SHARE_IF_BROAD if self._is_broad(passage) else INTRODUCTION_SHARE
        subject = self._index.speech.stems(unit.cells[0]) if unit.cells else ""
        return (
            HEADING_SHARE * self._told(heading) * (introduction if is_introduction else 1.0)
            + TITLE_SHARE * self._told(passage.title_stems)
            + SUBJECT_SHARE * self._told(subject, self._question.terms)
            + self._speaks_of_kind(passage.heading_stems, unit)
            + NEGATED * self._negation(passage)
            + OPENER_SHARE * self._opens_alike(passage)
            + AS_SAID_SHARE * self._as_said(passage, unit)
            + STEPS_SHARE * (self._asks_how and unit.kind == "step")
        )

    def _is_broad(self, passage: Passage) -> bool:
        """Whether the title of the page is about all that is asked: then its beginning answers, not a special case."""
        weight = sum(term.weight for term in self._new)
        return sum(term.weight * share_in(term, passage.title_stems) for term in self._new) >= BROAD * weight

    def _speaks_of_kind(self, heading: str, unit: Unit) -> float:
        # A page's title is no heading here: that a page tells times does not mean that its first words do.
        if not self._kind.isdisjoint((heading + unit.lead_stems).replace("|", " ").split()):
            return KIND_IN_HEADING_SHARE
        return KIND_SHARE * (not self._kind.isdisjoint(unit.stems.split()))

    def _negation(self, passage: Passage) -> int:
        """A heading that says what does not hold is looked for where that is asked, and only there."""
        question, negations = self._question, self._index.speech.negations
        if question.opener not in self._index.speech.open_questions or negations.isdisjoint(forms(passage.heading)):
            return 0
        return -1 if negations.isdisjoint(question.text.split()) else 1

    def _opens_alike(self, passage: Passage) -> bool:
        """Whether the heading is a question of the same kind: "Where is my invoice?"."""
        first = forms(passage.heading.rpartition(" › ")[2])[:1]
        return bool(self._question.opener) and first == [self._question.opener]

    def _as_said(self, passage: Passage, unit: Unit) -> float:
        """The share of the terms that stand there letter for letter: "founded" is not "found"."""
        words = forms(f"{passage.title} {passage.heading} {unit.lead} {unit.text}")
        text = f" {' '.join(words)} "
        weight = sum(term.weight for term in self._new)
        return sum(term.weight for term in self._new if f" {term.said} " in text) / weight if weight else 0.0

    def _like(self, way: str) -> float:
        """How like the question is to a way in which people are known to ask."""
        terms = self._question.terms
        of_question = sum(term.weight * share_in(term, way) for term in terms) / (sum(t.weight for t in terms) or 1.0)
        of_way = self._told(way, terms) if of_question else 0.0
        if not of_way:
            return 0.0
        words, negations = set(way.split()), self._index.speech.negation_stems
        said = words & self._index.speech.stop_stems
        alike = len(self._small & said) / (len(self._small | said) or 1)
        is_opposite = negations.isdisjoint(words) != negations.isdisjoint(self._small)
        share = 2 * of_question * of_way / (of_question + of_way)
        return (share + SMALL_WORDS_SHARE * alike) * (OPPOSITE if is_opposite else 1.0)

    def _whole_table(self, unit: Unit, cover: Cover) -> float:
        """What a row loses where it says nothing of the question itself, nor is of a column that is asked for."""
        return WHOLE_TABLE * (unit.kind == "row" and not cover.own and not self._is_column_of_kind(unit))

    def _is_old_subject(self, unit: Unit) -> bool:
        """Whether a row is about a thing that was asked about before."""
        subject = self._index.speech.stems(unit.cells[0]) if unit.cells and self._old else ""
        return any(share_in(term, subject) for term in self._old if not term.is_title)

    def _is_of_any(self, passage: Passage) -> bool:
        """Whether nothing says what "it" is: then no row is the answer, however much its cells sound like it."""
        terms, stems = self._question.terms, self._index.speech.stems
        if not self._question.has_anaphora or self._old or any(term.is_number for term in terms):
            return False
        return not any(self._told(stems(unit.cells[0]), terms) for unit in passage.units if unit.cells)

    def _is_column_of_kind(self, unit: Unit) -> bool:
        """Whether a row has a column of what is asked for: a price, a time."""
        return unit.kind == "row" and not self._kind.isdisjoint(unit.lead_stems.replace("|", " ").split())

    def _cover(self, passage: Passage, at: int, way: str) -> Cover:
        unit = passage.units[at]
        places = places_of(passage, at, way)
        new = self._share(self._new, unit, places)
        return Cover(new, self._share(self._old, unit, places), self._share(self._question.terms, unit, places[:1]))

    def _share(self, terms: Sequence[Term], unit: Unit, where: Places) -> float:
        """The share of the terms' weight that is found in the places."""
        found = asked = 0.0
        for term in terms:
            here = (
                number_share_in(term, terms, unit)
                if term.is_number
                else max(share * share_in(term, text) for share, text in where)
            )
            found += term.weight * here
            asked += term.weight * (1.0 if here or len(where) == 1 else self._asked_share(term, where))
        return found / asked if asked else 0.0

    def _asked_share(self, term: Term, where: Places) -> float:
        """A rule for all items holds for socks; a rule for jackets does not."""
        if term.is_carried:
            return FORGIVEN_SHARE
        if self._index.is_topic(term.variants[0]):
            return 1.0
        alternatives = self._index.alternatives(term.variants[0])
        is_forgiven = alternatives and all(alternatives.isdisjoint(text.split()) for _, text in where)
        return FORGIVEN_SHARE if is_forgiven else 1.0

    def _kind_share(self, passage: Passage, unit: Unit, cover: Cover) -> float:
        """What a unit keeps: a price answers "how much" if it is the price of what is asked, not just any below it."""
        kind = self._question.kind
        if kind is None:
            return 1.0
        around = (passage.title_stems + passage.heading_stems + unit.lead_stems + unit.stems).replace("|", " ")
        is_named = cover.own or not self._kind.isdisjoint(around.split())
        if (is_named or not self._index.speech.kinds[kind].is_named) and self._index.speech.answer_patterns[
            kind
        ].search(unit.text):
            return 1.0
        return WRONG_KIND_STRICT if self._question.is_strict else WRONG_KIND

    def _told(self, stems: str, terms: Sequence[Term] | None = None) -> float:
        """The share of a heading that the question speaks of: a heading that says more is about something else."""
        words = set(stems.split()) - self._index.speech.stop_stems - self._kind
        spoken: dict[str, float] = {}
        for term in terms or self._new:
            # Of "voucher code" as said, "code" alone is half spoken of.
            shares = [(term.stem, 0.5)]
            shares += [
                (variant, 1.0 if at < term.literal else TOLD_BY_SYNONYM)
                for at, variant in enumerate(term.variants)
                if f" {variant} " in stems
            ]
            for variant, share in shares:
                spoken |= {stem: max(share, spoken.get(stem, 0.0)) for stem in variant.split()}
        weights = {stem: self._index.idf((stem,)) for stem in words}
        return sum(weights[stem] * spoken.get(stem, 0.0) for stem in words) / (sum(weights.values()) or 1.0)

"""The passages of one language in SQLite: full text with BM25, the vocabulary, and which words are alternatives."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from math import log

import msgspec

from chatsession import sqlite
from chatsession.bots.knowledge.kinship import kin
from chatsession.bots.knowledge.language import Language
from chatsession.bots.knowledge.passages import Page, Passage

CANDIDATES_MAX = 40
COMMON_SHARE = 0.25
"""A word in more than this share of the passages finds nothing by itself where rarer words can."""
WEIGHTS = "3.0, 4.0, 1.0, 2.0"
"""How much a hit in the title, the heading, the text and the ways of asking counts."""
SAID = "{title heading text} : "
SCHEMA = """
create table passages(id integer primary key, body blob not null);
create virtual table found using fts5(title, heading, text, asked, content='',
                                      tokenize='unicode61 remove_diacritics 0');
create table forms(form text primary key, initial text not null, length integer not null) without rowid;
create index forms_by_shape on forms(initial, length);
create table kin(stem text not null, slot integer not null, member integer not null);
"""
AFTER_FILLING = """
create index kin_by_stem on kin(stem);
create index kin_by_slot on kin(slot);
insert into found(found) values('optimize');
"""
SEARCH = f"""
select passages.body, -bm25(found, {WEIGHTS}) as score
from found join passages on passages.id = found.rowid
where found match ? order by score desc, passages.id limit ?
"""  # noqa: S608  the only thing put in is our own constant
SLOTS_MIN, SLOTS_MAX = 2, 64
"""In how many slots a word is looked at for its alternatives: one may be chance, and in many it shows soon."""
ALTERNATIVES = """
select distinct other.stem
from (select slot, member from kin where stem = ?1 and slot > 0 limit ?2) as own
join kin as other on other.slot = own.slot and other.member <> own.member
where (select count(distinct slot) from kin where stem = ?1 and slot > 0) >= ?3
"""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Passage).decode


class Index:
    """Finds passages; never changes once it is built."""

    def __init__(self, speech: Language, pages: Sequence[Page], forms: Iterable[str]) -> None:
        self.speech = speech
        self._titles = [frozenset(speech.phrase(page.title)) - speech.stop_stems for page in pages]
        self._titled: dict[str, list[int]] = {}
        for at, stems in enumerate(self._titles):
            for stem in stems:
                self._titled.setdefault(stem, []).append(at)
        self._references = Counter(
            url for page in pages for url in {link for each in page.passages for link in each.links}
        )
        self._references_max = log(1 + max(self._references.values(), default=1))
        self._database = sqlite.in_memory()
        self._database.execute(SCHEMA)
        with self._database:
            self._fill(pages, forms)
        self.size = int(self._one("select count(*) from passages"))
        self.df = lru_cache(maxsize=4_096)(self._df)
        self._said_df = lru_cache(maxsize=4_096)(partial(self._df, columns=SAID))
        self.alternatives = lru_cache(maxsize=1_024)(self._alternatives)
        self._passage = lru_cache(maxsize=512)(_decode)

    def idf(self, variants: Sequence[str]) -> float:
        """How rare the passages are that say any of the variants; or are asked for so, where none says it."""
        df = self._said_df(tuple(variants)) or self.df(tuple(variants))
        return log(1 + (self.size - df + 0.5) / (df + 0.5))

    def is_topic(self, phrase: str) -> bool:
        """Whether a phrase is at least half of what a page's title says."""
        stems = frozenset(phrase.split())
        titles = (self._titles[at] for at in self._titled.get(phrase.split(maxsplit=1)[0], ()))
        return any(stems <= title and len(stems) * 2 >= len(title) for title in titles)

    def authority(self, url: str | None) -> float:
        """How much the pages refer to an address, against the one they refer to most."""
        return log(1 + self._references[url or ""]) / self._references_max

    def asked_so(self, way: str) -> Passage | None:
        """The passage that people are known to ask for in just this way."""
        number = self._asked.get(way)
        rows = self._database.execute("select body from passages where id = ?", (number,)) if number else ()
        return next((self._passage(bytes(row[0])) for row in rows), None)

    def knows(self, form: str) -> bool:
        """Whether the pages use this word."""
        return self._one("select count(*) from forms where form = ?", form) > 0

    def forms_like(self, initial: str, shortest: int, longest: int) -> list[str]:
        """The words of about this length that the pages use; those of one initial only, where it is given."""
        rows = self._database.execute(
            "select form from forms where (?1 = '' or initial = ?1) and length between ?2 and ?3",
            (initial, shortest, longest),
        )
        return [str(row[0]) for row in rows]

    def are_alternatives(self, one: str, other: str) -> bool:
        """Whether two phrases stand in one slot as different members of it."""
        ones, others = self._places(one), self._places(other)
        shared = {slot for slot, _ in ones & others}
        return bool({slot for slot, _ in ones} & {slot for slot, _ in others} - shared)

    def search(self, phrases: Sequence[Sequence[str]]) -> list[tuple[Passage, float]]:
        """The passages that contain any of the phrases, best first by BM25; each term is given as its variants."""
        telling = [variants for variants in phrases if 0 < self.df(tuple(variants)) <= max(8, self.size * COMMON_SHARE)]
        asked = telling if len(telling) > 1 else phrases
        query = " OR ".join(_quoted(variant) for variants in asked for variant in variants)
        if not query:
            return []
        rows = self._database.execute(SEARCH, (query, CANDIDATES_MAX))
        return [(self._passage(bytes(body)), float(score)) for body, score in rows]

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _fill(self, pages: Sequence[Page], forms: Iterable[str]) -> None:
        passages = [passage for page in pages for passage in page.passages]
        database = self._database
        database.executemany("insert into passages(body) values(?)", ((_encode(passage),) for passage in passages))
        self._asked = {way: number for number, passage in enumerate(passages, 1) for way in passage.asked}
        rows = ((number, *_columns(passage)) for number, passage in enumerate(passages, 1))
        database.executemany("insert into found(rowid, title, heading, text, asked) values(?, ?, ?, ?, ?)", rows)
        words = ((form, form[:1], len(form)) for form in set(forms))
        database.executemany("insert into forms values(?, ?, ?)", words)
        database.executemany("insert into kin values(?, ?, ?)", kin(pages, self.speech))
        database.execute(AFTER_FILLING)

    def _places(self, phrase: str) -> set[tuple[int, int]]:
        """The slots and members that hold all of a phrase."""
        statement = "select slot, member from kin where stem = ?"
        found = (
            {(int(row[0]), int(row[1])) for row in self._database.execute(statement, (stem,))}
            for stem in phrase.split()
        )
        return set[tuple[int, int]].intersection(*found)

    def _alternatives(self, stem: str) -> frozenset[str]:
        """The stems that stand where this one could: the other countries, for a country."""
        rows = self._database.execute(ALTERNATIVES, (stem, SLOTS_MAX, SLOTS_MIN))
        return frozenset(str(row[0]) for row in rows)

    def _df(self, variants: tuple[str, ...], columns: str = "") -> int:
        query = " OR ".join(_quoted(variant) for variant in variants)
        statement = "select count(*) from found where found match ?"
        return int(self._one(statement, f"{columns}({query})")) if query else 0

    def _one(self, statement: str, *bindings: str) -> int:
        return next((int(row[0]) for row in self._database.execute(statement, bindings)), 0)


def _columns(passage: Passage) -> tuple[str, str, str, str]:
    leads = {unit.block: unit.lead_stems for unit in passage.units if unit.lead_stems}
    text = " ".join([*leads.values(), *(unit.stems for unit in passage.units)])
    return passage.title_stems, passage.heading_stems, text, "|".join(passage.asked)


def _quoted(phrase: str) -> str:
    return f'"{phrase}"'

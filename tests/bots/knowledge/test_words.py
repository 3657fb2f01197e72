import pytest
from bots.knowledge.dialogues import HERE, SHOP
from hypothesis import given
from hypothesis import strategies as st

from chatsession.bots.knowledge.background import background
from chatsession.bots.knowledge.folder import Folder
from chatsession.bots.knowledge.index import Index
from chatsession.bots.knowledge.language import LANGUAGES, language, language_of
from chatsession.bots.knowledge.question import Reader
from chatsession.bots.knowledge.spelling import Spelling, slips

WORDS = st.text(alphabet="abc", max_size=7)


def index_of(folder, code):
    pages = Folder(folder, tuple(LANGUAGES))
    pages.read()
    return Index(language(code), pages.pages, (form for page in pages.pages for form in page.forms))


ENGLISH = background("en")


@pytest.fixture(scope="module")
def shop():
    index = index_of(SHOP, "en")
    yield index
    index.close()


@pytest.fixture(scope="module")
def reader(shop):
    return Reader(shop, ENGLISH)


def stems(text):
    return language("en").stems(text).strip()


def said(question):
    return [term.said for term in question.terms]


@given(WORDS, WORDS)
def test_slips_are_counted_the_same_both_ways_and_only_equal_words_have_none(one, other):
    assert slips(one, other, 7) == slips(other, one, 7)
    assert (slips(one, other, 7) == 0) == (one == other)
    assert slips(one, other, 2) == min(slips(one, other, 7), 3)


@given(WORDS, st.integers(0, 7), st.sampled_from(["missed", "added", "mistaken", "swapped"]))
def test_one_slip_is_one_however_it_was_made(word, at, kind):
    head, tail = word[:at], word[at:]
    slipped = {
        "missed": head + tail[1:],
        "added": head + "c" + tail,
        "mistaken": head + "b" + tail[1:] if tail else word,
        "swapped": head + tail[1:2] + tail[:1] + tail[2:],
    }[kind]

    assert slips(word, slipped, 3) <= 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("delivary", "delivery"), ("swizerland", "switzerland"), ("pasword", "password"), ("recieve", "receive")],
)
def test_a_slip_is_put_right_by_the_words_of_the_pages(shop, typed, meant):
    assert Spelling(shop, ENGLISH).corrected(typed) == meant


@pytest.mark.parametrize("word", ["bitcoin", "shoes", "tents", "loyalty", "12345", "xl", "student"])
def test_a_word_that_is_meant_as_it_stands_is_left_alone(shop, word):
    assert Spelling(shop, ENGLISH).corrected(word) == word


def test_rare_words_tell_more_than_everyday_ones():
    everyday, rare, unheard = (ENGLISH.information(word) for word in ("want", "warranty", "blorptastic"))

    assert everyday < 0.3 < rare <= unheard == 1.0


def test_countries_of_one_table_are_alternatives_and_a_country_and_a_price_are_not(shop):
    assert shop.are_alternatives(stems("germany"), stems("austria"))
    assert shop.are_alternatives(stems("new zealand"), stems("japan"))
    assert not shop.are_alternatives(stems("germany"), stems("cost"))
    assert not shop.are_alternatives(stems("germany"), stems("germany"))


def test_alternatives_are_learnt_from_any_pages():
    clinic = index_of(HERE / "clinic", "en")

    assert clinic.are_alternatives(stems("rabies"), stems("typhoid"))
    assert not clinic.are_alternatives(stems("rabies"), stems("prescription"))
    clinic.close()


def test_words_apart_are_one_matter_and_words_joined_by_or_too(reader):
    assert said(reader.read("Can I send it back?")) == ["send it back"]
    assert said(reader.read("Is the wool scratchy or itchy?")) == ["wool", "scratchy / itchy"]
    assert said(reader.read("How do I sign in?")) == ["sign in"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How much is delivery?", "amount"),
        ("Can you tell me when it comes?", "time"),
        ("Can I return it when it is worn?", None),
        ("What is the price guarantee?", None),
        ("How do I change my email address?", None),
        ("What is your telephone number?", "phone"),
        ("delivery time to Austria", "duration"),
    ],
)
def test_the_kind_of_answer_is_told_by_how_the_question_is_asked(reader, text, kind):
    assert reader.read(text).kind == kind


def test_a_compound_is_read_as_its_parts():
    library = index_of(HERE / "bibliothek", "de")

    terms = said(Reader(library, background("de")).read("Was kostet der Kinderausweis?"))

    assert terms == ["kinder", "ausweis"]
    library.close()


def test_the_language_of_a_text_is_told_by_its_stop_words():
    assert language_of("wie lange kann ich das behalten", ("en", "de")) == "de"
    assert language_of("how long can I keep it", ("en", "de")) == "en"
    assert language_of("WLAN", ("en", "de")) is None

"""How a question is read with the ones before it: what is new replaces what it contrasts with."""

from pathlib import Path

import pytest
from bots.knowledge.dialogues import SHOP

from chatsession.bots.knowledge.library import Shelf


@pytest.fixture(scope="module")
def library():
    library = Shelf(Path(SHOP)).library()
    yield library
    library.close()


def read(library, *said):
    (asked,) = library.asked(said[:-1], said[-1])
    return asked.question


def matters(question):
    return {term.said for term in question.terms if not term.is_title}


def test_a_country_replaces_the_country_and_the_rest_stays(library):
    question = read(library, "How much is delivery to Germany?", "and to Austria?")

    assert matters(question) == {"delivery", "austria"}
    assert question.kind == "amount"


def test_what_stood_with_the_same_preposition_is_replaced_though_the_pages_do_not_know_it(library):
    (asked,) = library.asked(["How much is delivery to Germany?"], "and to Brazil?")

    assert matters(asked.question) == {"brazil"}
    assert not asked.is_known


def test_another_kind_of_answer_is_about_the_same_matter(library):
    question = read(library, "How much is delivery to Austria?", "And how long does it take?")

    assert matters(question) == {"delivery", "austria"}
    assert question.kind == "duration"


def test_a_question_of_its_own_forgets_the_one_before(library):
    question = read(library, "How much is delivery to Austria?", "Which cookies do you set on your website?")

    assert "austria" not in matters(question)


def test_what_is_new_must_be_found_and_the_old_cannot_make_up_for_it(library):
    (asked,) = library.asked(["How do I wash a Grat jumper?"], "and a tent?")

    assert not asked.is_known


def test_earlier_matters_fade(library):
    said = ["How do I wash a Grat jumper?", "and Firn cardigans?", "and hats?"]

    weights = [{term.said: term.weight for term in read(library, *said[: at + 1]).terms} for at in range(3)]

    assert weights[0]["wash"] > weights[1]["wash"] > weights[2]["wash"]
    assert "grat" not in weights[1]
    assert "firn" not in weights[2]


def test_a_statement_in_the_same_message_is_what_its_question_is_about(library):
    question = read(library, "I live in Austria. How much is delivery?")

    assert {"delivery", "austria"} <= matters(question)


def test_the_same_words_are_looked_up_the_same_way_every_time(library):
    first, again = (library.asked(["Do you deliver to Norway?"], "How much is it?") for _ in range(2))

    assert first == again

"""The rules' own table: who may ask for what, where; and what everybody else is told."""

import pytest
from cast import (
    NOON,
    POLICY,
    ana,
    archived,
    bot,
    carl,
    clock,
    closed,
    key,
    open_session,
    queued,
    refused,
    waiting,
    with_agent,
)
from msgspec import convert, json

from chatsession.core import commands as c
from chatsession.core.decide import decide
from chatsession.core.refusals import TITLES, Refusal
from chatsession.core.table import TABLE, legal

ACTORS = {"visitor": ana, "agent": carl, "key": key, "bot": bot, "clock": clock}
NEEDED = {
    c.PostMessage: {"text": "Hi"},
    c.AnswerTurn: {"turn": 1, "attempt": 1, "text": "Hello"},
    c.FailTurn: {"turn": 1, "attempt": 1, "reason": "error"},
    c.RefuseTurn: {"turn": 1, "attempt": 1, "limit": "turns", "span": "session", "used": 1, "allowed": 1},
    c.ResumeSession: {"policy": POLICY.hash},
    c.AnswerQueueOffer: {"choice": "wait"},
    c.SnoozeSession: {"until": NOON.replace(hour=13)},
    c.PostNote: {"text": "note"},
    c.GiveFeedback: {"score": 5},
    c.ChangeContext: {"set": {"order": 1}},
    c.ChangeThread: {"thread": "thr_1"},
    c.AdoptPolicy: {"policy": "pol_other"},
    c.IdentifyVisitor: {"visitor": "vis_2"},
}
PLACES = {
    "bot": open_session(),
    "visitor": waiting(),
    "queue": queued(),
    "agent": with_agent(),
    "closed": closed(),
    "archived": archived(),
}
CELLS = [(kind, actor, place) for kind in TABLE for actor in ACTORS for place in PLACES]


def command_of(kind, actor):
    return kind(actor=ACTORS[actor], **NEEDED.get(kind, {}))


def test_every_command_but_the_opening_has_its_rule():
    assert set(TABLE) == set(c.COMMAND_TYPES.values()) - {c.OpenSession}


@pytest.mark.parametrize("kind", TABLE)
def test_who_may_not_ask_is_refused_whatever_the_place(kind):
    for actor in ACTORS.keys() - TABLE[kind].actors:
        assert {refused(session, command_of(kind, actor)).code for session in PLACES.values()} == {"forbidden"}


@pytest.mark.parametrize("kind", TABLE)
def test_out_of_its_place_a_command_changes_nothing_and_is_told_why(kind):
    rule = TABLE[kind]
    for actor in rule.actors:
        for session in PLACES.values():
            answer = decide(session, command_of(kind, actor), POLICY, NOON)
            if session.phase in rule.already:
                assert answer == []
            elif not legal(kind, session.phase, session.floor):
                assert isinstance(answer, Refusal)
                assert (answer.code in TITLES, answer.status in (404, 409)) == (True, True)
                if rule.late is None and session.phase != "open":
                    assert answer.code == f"session_{session.phase}"


def test_a_refusal_is_a_fact_with_a_code_and_a_sentence_a_stranger_can_read():
    for kind, actor, place in CELLS:
        answer = decide(PLACES[place], command_of(kind, actor), POLICY, NOON)
        if isinstance(answer, Refusal):
            assert answer.code in TITLES
            assert 400 <= answer.status < 500
            assert answer.detail[0].isupper()
            assert answer.detail.endswith(".")


@pytest.mark.parametrize("kind", c.AnyCommand.__args__)
def test_commands_refuse_fields_they_do_not_know(kind):
    needed = NEEDED.get(kind, {"session": "s", "inbox": "i", "visitor": "v", "policy": "p"})
    plain = json.decode(json.encode(kind(actor=ana, **(needed if kind in NEEDED or kind is c.OpenSession else {}))))

    assert convert(plain, kind).actor == ana
    with pytest.raises(Exception, match="unknown field"):
        convert({**plain, "surprise": 1}, kind)


def test_an_actor_is_named_by_kind_and_id_and_a_visitor_only_by_kind():
    assert [actor.label for actor in (ana, carl, key, bot, clock)] == [
        "visitor",
        "agent:carl",
        "key:backoffice",
        "bot",
        "clock",
    ]

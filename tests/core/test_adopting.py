"""Another policy for an open session, and another name for its visitor."""

from cast import HOUR, NOON, POLICY, SECOND, ana, clock, closed, decided, key, kinds, refused, stepped, waiting
from msgspec.structs import replace

from chatsession.core import commands as c
from chatsession.core import events as e

OTHER = replace(POLICY, idle_timeout=2 * HOUR, max_duration=3 * HOUR)


def adopt(policy=OTHER) -> c.AdoptPolicy:
    return c.AdoptPolicy(actor=key, policy=policy.hash)


def test_another_policy_applies_from_now_on_under_its_name():
    (adopted,) = decided(waiting(), adopt(), policy=OTHER)
    after = stepped(waiting(), adopt(), policy=OTHER)

    assert (adopted.policy, adopted.by, adopted.rule) == (OTHER.hash, "key:backoffice", "by_hand")
    assert after.policy == OTHER.hash


def test_the_same_policy_is_adopted_once():
    assert decided(waiting(), adopt(POLICY)) == []


def test_warnings_of_the_old_policy_fall():
    limited = replace(POLICY, max_duration=HOUR)
    session = stepped(waiting(policy=limited), c.Tick(), at=NOON + limited.idle_timeout, policy=limited)
    session = stepped(session, c.KeepOpen(actor=ana), at=NOON + limited.idle_timeout + SECOND, policy=limited)
    session = stepped(session, c.Tick(), at=NOON + HOUR - SECOND, policy=limited)

    events = decided(session, adopt(), at=NOON + HOUR - SECOND, policy=OTHER)

    assert kinds(events) == [e.PolicyAdopted, e.WarningLifted, e.WarningLifted]
    assert {event.reason for event in events[1:]} == {"timeout", "limit"}


def test_a_closed_session_keeps_what_it_was_promised():
    assert refused(closed(), adopt(), policy=OTHER).code == "session_closed"


def test_an_anonymous_visitor_turns_out_to_be_an_identified_one():
    (identified,) = decided(waiting(), c.IdentifyVisitor(actor=clock, visitor="vis_known"))
    after = stepped(waiting(), c.IdentifyVisitor(actor=clock, visitor="vis_known"))

    assert (identified.visitor, identified.was, identified.audience) == ("vis_known", "vis_ana", "service")
    assert after.visitor == "vis_known"


def test_who_is_known_already_is_not_identified_again():
    assert decided(waiting(), c.IdentifyVisitor(actor=clock, visitor="vis_ana")) == []

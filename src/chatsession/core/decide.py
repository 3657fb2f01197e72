"""The one door of the rules: a command, the state, the policy and the time go in; events or a refusal come out."""

from datetime import datetime

from chatsession.core import commands as c
from chatsession.core.draft import Draft
from chatsession.core.events import Event
from chatsession.core.policy import Policy
from chatsession.core.refusals import Refusal, floor_taken, forbidden, session_archived, session_closed, wrong_state
from chatsession.core.rules.opening import open_session
from chatsession.core.session import NO_FACTS, Facts, Receipt, Session
from chatsession.core.table import TABLE, Rule


def decide(
    session: Session | None, command: c.Command, policy: Policy, now: datetime, facts: Facts = NO_FACTS
) -> list[Event] | Refusal:
    """Answer a command with the events it causes; change nothing.

    An empty list means that nothing new happens: the command was answered before, or asks for what already is.
    """
    step = drafted(session, command, policy, now, facts)
    return step if isinstance(step, Refusal) else step.events


def drafted(
    session: Session | None, command: c.Command, policy: Policy, now: datetime, facts: Facts = NO_FACTS
) -> Draft | Refusal:
    """The same, with the session as it is after the events, for whoever goes on from there."""
    if session is None:
        return _opened(command, policy, now, facts)
    rule = TABLE.get(type(command))
    if rule is None:
        return wrong_state("This session is open already; a session is opened once.")
    if command.actor.kind not in rule.actors:
        return forbidden(f"This is not for a {command.actor.kind} to do.")
    draft = Draft(session, policy, now, facts)
    if facts.receipt is not None:
        return _repeated(command, facts.receipt) or draft
    if session.phase in rule.already and not _brings_message(command):
        return draft
    return _out_of_place(session, rule) or rule.handler(draft, command) or draft


def _opened(command: c.Command, policy: Policy, now: datetime, facts: Facts) -> Draft | Refusal:
    if not isinstance(command, c.OpenSession):
        return Refusal("not_found", 404, "There is no such session.")
    draft = Draft(None, policy, now, facts)
    return open_session(draft, command) or draft


def _brings_message(command: c.Command) -> bool:
    """Whether a message came along, which must not be lost because the rest of what is asked for is so already."""
    return isinstance(command, c.ResumeSession) and (command.text is not None or bool(command.parts))


def _repeated(command: c.Command, receipt: Receipt) -> Refusal | None:
    if receipt.digest == getattr(command, "digest", b""):
        return None
    return Refusal("client_id_reused", 409, "This client_id was used for a message with another body.")


def _out_of_place(session: Session, rule: Rule) -> Refusal | None:
    if session.unknown_from is not None:
        return Refusal(
            "newer_version", 503, "A newer version of chatsession wrote in this session; it is read-only here."
        )
    if session.phase in rule.phases and (session.phase != "open" or session.floor in rule.floors):
        return None
    if rule.late is not None:
        return rule.late()
    if session.phase not in rule.phases:
        return _wrong_phase(session)
    return floor_taken(session.floor)


def _wrong_phase(session: Session) -> Refusal:
    match session.phase:
        case "open":
            return wrong_state("This session is open; close it first.")
        case "closed":
            return session_closed()
        case "archived":
            return session_archived()

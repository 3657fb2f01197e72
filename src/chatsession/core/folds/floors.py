"""Who speaks for the service: bot, queue or agent; and the clocks of each."""

from msgspec.structs import replace

from chatsession.core import events as e
from chatsession.core.session import Queue, Session


def changed(session: Session, event: e.FloorChanged) -> Session:
    """Hand the floor over under its new term."""
    left = replace(
        session,
        floor=event.floor,
        term=event.term,
        agent=event.agent,
        agent_name=event.agent_name,
        queue=None,
        unanswered_since=None,
        nudged_at=None,
        snoozed_at=None,
        snoozed_until=None,
        idle_since=None,
        unanswered_seq=None,
    )
    match event.floor:
        case "bot":
            return replace(left, waiting_on="visitor", idle_since=event.at, queued_at=None)
        case "queue":
            since = session.queued_at or event.at
            return replace(left, waiting_on="agent", queue=Queue(since=since, asked_at=event.at), queued_at=since)
        case "agent":
            return replace(
                left,
                waiting_on="agent",
                unanswered_since=event.at,
                last_agent=event.agent,
                last_agent_name=event.agent_name,
            )


def choice_offered(session: Session, event: e.QueueChoiceOffered) -> Session:
    """Count the offer and start the wait again."""
    return replace(session, queue=session.queue and replace(session.queue, offers=event.offer, asked_at=event.at))


def choice_made(session: Session, event: e.QueueChoiceMade) -> Session:
    """Take the visitor's answer."""
    left = event.choice == "leave_message"
    return replace(
        session, queue=session.queue and replace(session.queue, offers=0, asked_at=event.at, left_message=left)
    )


def nudged(session: Session, event: e.AgentNudged) -> Session:
    """Remember that the agent was reminded."""
    return replace(session, nudged_at=event.at)


def snoozed(session: Session, event: e.SessionSnoozed) -> Session:
    """Stop every clock of the wait until the stated instant."""
    return replace(
        session,
        snoozed_at=event.at,
        snoozed_until=event.until,
        waiting_on="agent",
        idle_since=None,
        unanswered_since=None,
        nudged_at=None,
    )


def snooze_ended(session: Session, event: e.SnoozeEnded) -> Session:
    """Wait on the agent again."""
    return replace(
        session, snoozed_at=None, snoozed_until=None, waiting_on="agent", unanswered_since=event.at, nudged_at=None
    )

"""How a visitor comes back to a closed session."""

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.draft import Draft
from chatsession.core.refusals import Refusal
from chatsession.core.rules.carrying import ledger
from chatsession.core.rules.messages import brought_along, post
from chatsession.core.words import Floor


def resume(draft: Draft, command: c.ResumeSession) -> Refusal | None:
    """Begin the next period under the inbox's current policy, and take the message that came along.

    Where the session is open already, two returns have met: nothing is left to resume, but no message is lost.
    """
    if draft.session.phase == "closed":
        other = draft.facts.other_open
        if other is not None and not draft.policy.several_open:
            detail = "Another session of this visitor is open; go on there or close it first."
            return Refusal("another_session_open", 409, detail, {"session": other})
        _begin_period(draft, command)
    message = brought_along(command)
    return None if message is None else post(draft, message)


def _begin_period(draft: Draft, command: c.ResumeSession) -> None:
    session = draft.session
    floor, agent = _floor(draft)
    draft.add(
        e.SessionResumed,
        period=session.period + 1,
        by=command.actor.label,
        floor=floor,
        policy=command.policy,
        agent=agent,
        agent_name=session.last_agent_name if agent else None,
    )
    ledger(draft, "resumed", "restored")


def _floor(draft: Draft) -> tuple[Floor, str | None]:
    last_agent = draft.session.last_agent
    if draft.policy.resume_to == "bot" or last_agent is None:
        return "bot", None
    return ("agent", last_agent) if draft.facts.agent_present else ("queue", None)

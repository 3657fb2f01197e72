"""How a visitor comes back to a closed session."""

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.draft import Draft
from chatsession.core.refusals import Refusal
from chatsession.core.rules.carrying import ledger
from chatsession.core.rules.checks import message_refused
from chatsession.core.rules.messages import say
from chatsession.core.words import Floor


def resume(draft: Draft, command: c.ResumeSession) -> Refusal | None:
    """Begin the next period under the inbox's current policy, with the message that came along."""
    other = draft.facts.other_open
    if other is not None and not draft.policy.several_open:
        detail = "Another session of this visitor is open; go on there or close it first."
        return Refusal("another_session_open", 409, detail, {"session": other})
    if command.text is not None:
        refusal = message_refused(command.text, command.parts, command.client_id)
        if refusal is not None:
            return refusal
    floor, agent = _floor(draft)
    draft.add(
        e.SessionResumed,
        period=draft.session.period + 1,
        by=command.actor.label,
        floor=floor,
        policy=command.policy,
        agent=agent,
    )
    ledger(draft, "resumed", "restored")
    if command.text is not None:
        say(
            draft,
            c.PostMessage(
                actor=command.actor,
                text=command.text,
                client_id=command.client_id,
                parts=command.parts,
                page=command.page,
            ),
        )
    return None


def _floor(draft: Draft) -> tuple[Floor, str | None]:
    last_agent = draft.session.last_agent
    if draft.policy.resume_to == "bot" or last_agent is None:
        return "bot", None
    return ("agent", last_agent) if draft.facts.agent_present else ("queue", None)

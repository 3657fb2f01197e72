"""Another policy for an open session, and another name for its visitor."""

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.draft import Draft
from chatsession.core.refusals import Refusal


def adopt(draft: Draft, command: c.AdoptPolicy) -> Refusal | None:
    """Let the policy apply from now on. Warnings given under the old one fall: the new one warns anew."""
    if command.policy == draft.session.policy:
        return None
    draft.add(e.PolicyAdopted, policy=command.policy, by=command.actor.label, rule=command.rule)
    if draft.session.idle_warning is not None:
        draft.add(e.WarningLifted, by="policy")
    if draft.session.limit_warning is not None:
        draft.add(e.WarningLifted, by="policy", reason="limit")
    return None


def identify(draft: Draft, command: c.IdentifyVisitor) -> Refusal | None:
    """Give the session to the identified visitor."""
    if command.visitor != draft.session.visitor:
        draft.add(e.VisitorIdentified, visitor=command.visitor, was=draft.session.visitor)
    return None

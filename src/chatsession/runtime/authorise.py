"""Who may ask a session for what: one function for HTTP, streams, sockets and the embedded API alike."""

from chatsession.core.commands import Command
from chatsession.core.refusals import forbidden
from chatsession.core.session import Session
from chatsession.core.table import TABLE
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError, not_found


def authorise(principal: Principal, command: Command | None, session: Session) -> Principal:
    """Return the principal, or raise: `not_found` for what they may not see, `forbidden` for what they may not do.

    Without a command it is about reading.
    """
    if not _may_see(principal, session):
        raise not_found()
    if command is not None:
        rule = TABLE.get(type(command))
        if rule is None or principal.kind not in rule.actors:
            raise RefusedError(forbidden(f"This is not for a {principal.kind} to do."))
    return principal


def _may_see(principal: Principal, session: Session) -> bool:
    match principal.kind:
        case "visitor":
            return principal.id == session.visitor and principal.inbox == session.inbox
        case "agent" | "key" | "bot":
            return principal.may_see(session.inbox)
        case "clock":
            return True

"""Who may have a socket: the first frame's credentials, the session, and the page the socket was opened from."""

from datetime import datetime

import msgspec

from chatsession.core.refusals import Refusal
from chatsession.runtime.identity import hash_of
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError, stored
from chatsession.runtime.service import Service
from chatsession.server.credentials import principal_of
from chatsession.server.options import ServerOptions
from chatsession.server.origins import check_origin
from chatsession.server.socket.connection import Place
from chatsession.server.socket.frames import Auth

KEYS_LOOKED_UP_EVERY_SECONDS = 4
OTHER_EPOCH = Refusal("resync", 410, "The position was learnt from another store; read the session anew from 0.")


class Admitted(msgspec.Struct, frozen=True):
    """Somebody who may be here, and what their credential is kept as; None for a ticket, which is used up."""

    principal: Principal
    credential: bytes | None
    head: int


async def admit(service: Service, place: Place, auth: Auth) -> Admitted:
    """Let somebody in, or raise RefusedError and tell them no more than they may know."""
    principal, credential = await _known(service, place, auth)
    lane = await service.door.state(principal, place.session)
    inbox = service.inboxes.get(lane.session.inbox)
    if inbox is not None:
        check_origin(inbox, place.origin, place.host)
    if auth.epoch not in (None, service.epoch):
        raise RefusedError(OTHER_EPOCH)
    return Admitted(principal, credential, lane.session.seq)


async def _known(service: Service, place: Place, auth: Auth) -> tuple[Principal, bytes | None]:
    if auth.ticket is not None:
        return await service.identity.of_ticket(auth.ticket, place.session), None
    secret = auth.token or ""
    return await principal_of(service.identity, secret), hash_of(secret)


async def is_still_valid(service: Service, admitted: Admitted, now: datetime) -> bool:
    """Whether the credential has neither been revoked nor run out since; raise RefusedError if nobody can tell now."""
    if admitted.credential is None:
        return True
    if admitted.principal.kind == "visitor":
        return await stored(service.store.visitor_of_token(admitted.credential, now)) is not None
    return await stored(service.store.key_of_hash(admitted.credential)) is not None


def beat_seconds(options: ServerOptions, admitted: Admitted) -> float:
    """How often to look: a key can be revoked without our being told, a visitor's token cannot."""
    is_key = admitted.principal.kind != "visitor"
    return min(options.beat_seconds, KEYS_LOOKED_UP_EVERY_SECONDS) if is_key else options.beat_seconds

"""Links with which a visitor goes on with a chat on another device: once, and only for a short time."""

from datetime import timedelta

import msgspec

from chatsession.clock import Clock
from chatsession.core.policy import Policy
from chatsession.core.refusals import Refusal, forbidden, session_archived, wrong_state
from chatsession.core.session import Session
from chatsession.runtime.config import RuntimeConfig
from chatsession.runtime.door import Door
from chatsession.runtime.identity import VisitorGrant, hash_of, new_secret
from chatsession.runtime.ids import RandomBytes
from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError, stored
from chatsession.store import Store

KEPT_AS = "resume link "
"""Goes into the hash: a ticket for a stream, which may stand in an address, must not let anybody in as the visitor."""
SPENT = Refusal("unauthorized", 401, "This link was used before, or its time is over; make a new one.")
NOBODYS = forbidden("Only the visitor takes a chat to another device.")
NO_WINDOW = wrong_state("Chats of this inbox cannot be resumed, so there is no link to one.")


class ResumeLink(msgspec.Struct, frozen=True):
    """The secret of a link, shown once, and how long it waits to be used."""

    token: str
    lifetime: timedelta


class ResumeLinks:
    """Makes links, and lets their bearers in; stored are hashes only."""

    def __init__(self, *, store: Store, door: Door, clock: Clock, random: RandomBytes, config: RuntimeConfig) -> None:
        self._store = store
        self._door = door
        self._clock = clock
        self._random = random
        self._config = config

    async def make(self, principal: Principal, session: str) -> ResumeLink:
        """A link to a session of the visitor's own; it ends with the session's resume window at the latest."""
        lane = await self._door.state(principal, session)
        if principal.kind != "visitor" or principal.id is None:
            raise RefusedError(NOBODYS)
        lifetime = self._lifetime(lane.session, lane.policy)
        token = new_secret(self._random)
        until = self._clock.now() + lifetime
        await stored(self._store.put_ticket(hash_of(KEPT_AS + token), principal.id, session, until))
        return ResumeLink(token, lifetime)

    async def use(self, inbox: str, token: str) -> tuple[VisitorGrant, str]:
        """Let the bearer in as the visitor who made the link: a token of their own, and the session it is about."""
        now = self._clock.now()
        found = await stored(self._store.take_ticket(hash_of(KEPT_AS + token), now))
        visitor = None if found is None else await stored(self._store.visitor(found[0]))
        if found is None or visitor is None or visitor.inbox != inbox:
            raise RefusedError(SPENT)
        grant = VisitorGrant(visitor, new_secret(self._random))
        await stored(self._store.add_token(visitor.id, hash_of(grant.token), now + self._config.token_lifetime, None))
        return grant, found[1]

    def _lifetime(self, session: Session, policy: Policy) -> timedelta:
        match session.phase:
            case "open":
                left = policy.resume_window
                refusal = NO_WINDOW
            case "closed":
                left = session.resumable_until and session.resumable_until - self._clock.now()
                refusal = session_archived()
            case "archived":
                raise RefusedError(session_archived())
        if left is not None and left <= timedelta(0):
            raise RefusedError(refusal)
        longest = self._config.resume_link_lifetime
        return longest if left is None else min(longest, left)

"""How visitors come by their names, and programs by their say over policies."""

from datetime import timedelta
from typing import TYPE_CHECKING

import jwt

from chatsession.core.policy_text import policy_to_text
from chatsession.runtime.identity import ALGORITHM, VisitorGrant
from chatsession.runtime.principal import Principal
from chatsession.simulation import policies
from chatsession.simulation.actors.cast import SUBJECTS
from chatsession.simulation.process import Process

if TYPE_CHECKING:
    from chatsession.simulation.world import World

SIGNED_FOR = timedelta(minutes=10)


async def arrive(world: "World", process: Process, inbox: str) -> Principal | None:
    """Somebody nobody knows gets a token."""
    grant = await world.attempt(process, "arrive", process.service.identity.new_visitor(inbox))
    return await _admitted(world, process, grant)


async def identify(world: "World", process: Process) -> None:
    """An anonymous visitor signs in on the website; the session at hand goes along."""
    anonymous = [each for each in world.cast.visitors.values() if not each.verified]
    if not anonymous:
        return
    visitor = world.rng.choice(anonymous)
    inbox, token = visitor.inbox or "", world.cast.tokens[visitor.id or ""]
    work = process.service.identity.new_visitor(inbox, jwt=_signed(world, inbox), token=token)
    if await _admitted(world, process, await world.attempt(process, "identify", work)) is not None:
        world.cast.visitors.pop(visitor.id or "", None)


async def change_policy(world: "World", process: Process, inbox: str) -> None:
    """The other version of the inbox's policy becomes the current one, on this process."""
    policy = world.rng.choice(world.cast.versions[inbox])
    text = policy_to_text(policy)
    await world.attempt(process, "policy", process.service.reading.put_policy(world.cast.key, inbox, text))


def _signed(world: "World", inbox: str) -> str:
    until = world.time.now() + SIGNED_FOR
    once = world.cast.next_name("jti")
    claims = {"sub": world.rng.choice(SUBJECTS), "exp": int(until.timestamp()), "aud": inbox, "jti": once}
    return jwt.encode(claims, policies.SECRET, ALGORITHM)  # pyright: ignore[reportUnknownMemberType]  half typed


async def _admitted(world: "World", process: Process, grant: VisitorGrant | str) -> Principal | None:
    if isinstance(grant, str):
        return None
    principal = await world.attempt(process, "token", process.service.identity.of_token(grant.token))
    if isinstance(principal, str):
        return None
    world.cast.visitors[grant.visitor.id] = principal
    world.cast.tokens[grant.visitor.id] = grant.token
    return principal

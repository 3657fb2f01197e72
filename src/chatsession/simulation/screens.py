"""Screens that follow sessions, and readers that page through them: both must see one order, without gaps."""

from chatsession.runtime.following import EventFrame, Follow, no_wait
from chatsession.runtime.principal import Principal
from chatsession.simulation.checks.following import Follower
from chatsession.simulation.checks.story import Story
from chatsession.simulation.process import Process
from chatsession.simulation.world import World

FOLLOWERS_MAX = 8


async def somebody_follows(world: World, process: Process) -> None:
    """A screen is opened on a session, from its beginning or from where it was."""
    story = world.story()
    if story is None or len(world.followers) >= FOLLOWERS_MAX:
        return
    who = world.cast.one_of(story, ("visitor", "visitor", "agent"))
    await follow(world, process, story, who, world.rng.choice((0, story.seq // 2, story.seq)))


async def follow(world: World, process: Process, story: Story, who: Principal, after: int) -> None:
    """Follow a session on this process."""
    follower = Follower(who, story, after, lambda wrong: world.witness.complain("I5", wrong, story))
    follower.process = process
    following = process.service.following.follow(who, story.id, after, follower.deliver, no_wait)
    result = await world.attempt(process, "follow", following)
    if isinstance(result, Follow):
        follower.follow = result
        world.followers.append(follower)


async def screens_reconnect(world: World, process: Process) -> None:
    """Screens whose process died go on elsewhere; the others hear the beat, and find out what they missed."""
    for follower in tuple(world.followers):
        followed_at = follower.process
        if follower.ended is not None or follower.story.id not in world.witness.stories or is_a_stranger(follower):
            world.followers.remove(follower)
        elif isinstance(followed_at, Process) and followed_at.is_dead:
            world.followers.remove(follower)
            await follow(world, process, follower.story, follower.principal, follower.seen)
        elif isinstance(followed_at, Process) and followed_at.answers and follower.follow is not None:
            followed_at.service.following.check(follower.follow, follower.story.seq)


def is_a_stranger(follower: Follower) -> bool:
    """Whether the session belongs to somebody else by now."""
    return follower.principal.kind == "visitor" and follower.principal.id != follower.story.visitor


async def somebody_closes_a_screen(world: World, _: Process) -> None:
    """A screen is closed."""
    if world.followers:
        follower = world.followers.pop(world.rng.randrange(len(world.followers)))
        if follower.follow is not None:
            follower.follow.close()


async def somebody_reads(world: World, process: Process) -> None:
    """A session is read page by page, perhaps waiting a moment for more."""
    story = world.story()
    if story is None:
        return
    who = world.cast.one_of(story, ("visitor", "agent"))
    after, limit = world.rng.randrange(story.seq + 1), world.rng.randrange(1, 30)
    reader = Follower(who, story, after, lambda wrong: world.witness.complain("I5", wrong, story))
    wait, told = world.rng.choice((0, 0, 2.0)), world.heads.get(story.id, 0)
    page = await world.attempt(process, "read", process.service.reading.events(who, story.id, after, limit, wait))
    if not isinstance(page, str):
        for offset, frame in enumerate(page.frames):
            reader.deliver(EventFrame(after + 1 + offset, frame))
        world.witness.told(f"read:{page.head}:{page.next}")
        if page.head < told:
            world.witness.complain("I5", f"{told} was told of, and a reader saw {page.head}", story)

"""Wake-ups are kept lazily: appends only make them earlier, and the timers move them to where the clocks are."""

from datetime import timedelta

import msgspec
from cast import DAY, HOUR, NOON
from stores.chats import Chat

SOON, LATER, LATEST = NOON + HOUR, NOON + 2 * HOUR, NOON + 3 * HOUR
FAR = NOON + 400 * DAY


def waking(append, at):
    """The append with another instant to be looked at."""
    return msgspec.structs.replace(append, wake_at=at)


async def test_an_append_makes_a_wake_up_earlier_never_later(store):
    chat = Chat()

    await store.append(waking(chat.opened(), LATER))
    await store.append(waking(chat.asks(), LATEST))
    kept = await store.due(FAR, 10)
    await store.append(waking(chat.asks(), SOON))
    earlier = await store.due(FAR, 10)
    await store.append(waking(chat.asks(), None))

    assert kept == [(chat.id, LATER)]
    assert earlier == [(chat.id, SOON)]
    assert await store.due(FAR, 10) == [(chat.id, SOON)]


async def test_due_lists_the_most_overdue_first_up_to_now_and_to_a_limit(store):
    for number, at in enumerate([LATER, SOON, LATEST, NOON]):
        chat = Chat(f"ses_{number}", visitor=f"vis_{number}")
        await store.append(waking(chat.opened(), at))

    everything = await store.due(FAR, 10)

    assert [session for session, _ in everything] == ["ses_3", "ses_1", "ses_0", "ses_2"]
    assert await store.due(SOON, 10) == [("ses_3", NOON), ("ses_1", SOON)]
    assert await store.due(SOON - timedelta(microseconds=1), 10) == [("ses_3", NOON)]
    assert await store.due(FAR, 1) == [("ses_3", NOON)]


async def test_the_timers_move_a_wake_up_in_either_direction_or_off_the_list(store):
    chat = Chat()
    await store.append(waking(chat.opened(), SOON))

    await store.refile(chat.id, LATEST)
    later = await store.due(FAR, 10)
    await store.refile(chat.id, NOON)
    earlier = await store.due(FAR, 10)
    await store.refile(chat.id, None)

    assert (later, earlier) == ([(chat.id, LATEST)], [(chat.id, NOON)])
    assert await store.due(FAR, 10) == []


async def test_an_append_after_refiling_is_compared_with_what_the_timers_wrote(store):
    chat = Chat()
    await store.append(waking(chat.opened(), SOON))
    await store.refile(chat.id, None)

    await store.append(waking(chat.asks(), LATEST))

    assert await store.due(FAR, 10) == [(chat.id, LATEST)]


async def test_a_session_that_moved_on_since_it_was_looked_at_keeps_its_wake_up(store):
    chat = Chat()
    await store.append(waking(chat.opened(), LATER))
    seen = chat.session.seq
    await store.append(waking(chat.asks(), SOON))

    await store.refile(chat.id, LATEST, seen=seen)
    kept = await store.due(FAR, 10)
    await store.refile(chat.id, LATEST, seen=chat.session.seq)

    assert kept == [(chat.id, SOON)]
    assert await store.due(FAR, 10) == [(chat.id, LATEST)]


async def test_instants_are_kept_to_the_microsecond(store):
    exact = NOON + timedelta(microseconds=123_457)
    chat = Chat()

    await store.append(waking(chat.opened(), exact))

    assert await store.due(exact, 10) == [(chat.id, exact)]
    assert await store.due(exact - timedelta(microseconds=1), 10) == []


async def test_refiling_a_session_that_is_not_there_does_nothing(store):
    await store.refile("ses_nobody", NOON)

    assert await store.due(FAR, 10) == []

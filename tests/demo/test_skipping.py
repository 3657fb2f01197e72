from datetime import timedelta

import pytest

from chatsession.runtime.principal import Principal
from chatsession.runtime.refused import RefusedError

ADMIN = Principal(kind="key", id="admin")
AGENT = Principal(kind="agent", id="carla")
BOT = Principal(kind="bot", id="bot")


async def test_skipping_to_the_warning_warns_and_leaves_the_whole_grace(desk):
    session = await desk.open()

    view = await desk.skip(session, "warning")

    assert view.phase == "open"
    assert view.warned_at is not None
    left = view.closes_at - view.server_time
    assert 50 <= left.total_seconds() <= 60


async def test_skipping_to_the_closing_warns_first(desk):
    session = await desk.open()

    view = await desk.skip(session, "closing")

    assert (view.phase, view.close_reason) == ("closed", "timeout")
    kinds = await desk.types(session)
    assert kinds.index("session_warned") < kinds.index("session_closed")
    assert kinds.count("session_warned") == kinds.count("session_closed") == 1


async def test_skipping_past_the_window_archives(desk):
    session = await desk.open()

    view = await desk.skip(session, "window", ADMIN)

    assert view.phase == "archived"
    assert view.outcome_settled


async def test_an_agent_may_skip_for_a_visitor(desk):
    session = await desk.open()

    view = await desk.skip(session, "closing", AGENT)

    assert view.phase == "closed"


async def test_a_skip_is_no_gap_in_serving(desk):
    session = await desk.open()
    served_since = desk.service.heartbeat.served_since

    await desk.skip(session, "window")
    beaten_at = desk.clock.now() + timedelta(milliseconds=200)
    await desk.clock.sleep_until(beaten_at)

    assert desk.service.heartbeat.served_since == served_since


async def test_what_is_not_ahead_is_refused(desk):
    session = await desk.open()
    await desk.skip(session, "closing")

    with pytest.raises(RefusedError) as caught:
        await desk.skip(session, "warning")

    assert caught.value.refusal.code == "wrong_state"
    assert "closed" in caught.value.refusal.detail


async def test_what_has_been_reached_is_answered_without_moving_time(desk):
    session = await desk.open()
    await desk.skip(session, "closing")
    moved = desk.clock.moved()

    view = await desk.skip(session, "closing")

    assert view.phase == "closed"
    assert desk.clock.moved() == moved


async def test_others_cannot_skip_a_visitors_session(desk):
    session = await desk.open()
    grant = await desk.service.identity.new_visitor("support")
    stranger = await desk.service.identity.of_token(grant.token)

    with pytest.raises(RefusedError) as stranger_refused:
        await desk.skip(session, "closing", stranger)
    with pytest.raises(RefusedError) as bot_refused:
        await desk.skip(session, "closing", BOT)

    assert stranger_refused.value.refusal.code == "not_found"
    assert bot_refused.value.refusal.code == "forbidden"
    assert desk.clock.moved().total_seconds() == 0

"""What is kept beside the lists: policies, settings, usage, heartbeat, traces, and facts about the store."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from cast import DAY, MINUTE, NOON, bot
from stores.chats import Chat, trace_of

from chatsession.core import commands as c
from chatsession.core.events import Usage
from chatsession.core.session import UsageToday

TODAY, TOMORROW = "2026-01-05", "2026-01-06"


async def test_a_policy_is_kept_for_ever_under_its_hash(store):
    await store.put_policy("shop", "pol_1", b"one")
    await store.put_policy("shop", "pol_2", b"two")
    await store.put_policy(None, "pol_3", b"three")

    kept = [await store.policy(each) for each in ("pol_1", "pol_2", "pol_3", "pol_4")]

    assert kept == [b"one", b"two", b"three", None]
    assert await store.inbox_policy("shop") == "pol_2"
    assert await store.inbox_policy("bank") is None


async def test_an_inbox_may_go_back_to_an_older_policy(store):
    await store.put_policy("shop", "pol_1", b"one")
    await store.put_policy("shop", "pol_2", b"two")

    await store.put_policy("shop", "pol_1", b"one")

    assert await store.inbox_policy("shop") == "pol_1"


async def test_a_setting_is_set_once(store):
    unset = await store.setting("epoch")
    first = await store.setting("epoch", "a")
    second = await store.setting("epoch", "b")

    assert (unset, first, second) == (None, "a", "a")
    assert await store.setting("epoch") == "a"


async def test_usage_is_counted_for_the_visitor_and_for_the_inbox_by_day(store):
    one, two = Chat("ses_1"), Chat("ses_2", visitor="vis_bea")
    await store.append(one.opened(), two.opened())
    used = Usage(tokens_in=100, tokens_out=20, cost_microusd=7, model_calls=2)
    for chat in (one, two):
        turn = chat.session.turn
        answer = c.AnswerTurn(actor=bot, turn=turn.number, attempt=turn.attempt, text="Yes.", usage=used)
        await store.append(chat.does(answer))

    mine = await store.usage_today("shop", "vis_ana", TODAY)
    everybody = await store.usage_today("shop", None, TODAY)

    assert mine == UsageToday(tokens=120, cost_microusd=7, turns=1, model_calls=2)
    assert everybody == mine.plus(mine)
    assert await store.usage_today("shop", "vis_ana", TOMORROW) == UsageToday()
    assert await store.usage_today("bank", None, TODAY) == UsageToday()


async def test_a_day_is_one_of_utc_wherever_the_clock_stands(store):
    late = datetime(2026, 1, 5, 23, 30, tzinfo=UTC).astimezone(timezone(timedelta(hours=5)))
    await store.append(Chat(at=late).opened())

    assert (await store.usage_today("shop", None, TODAY)).turns == 1
    assert (await store.usage_today("shop", None, TOMORROW)).turns == 0


async def test_a_heartbeat_answers_with_the_one_before(store):
    first = await store.heartbeat(NOON)
    second = await store.heartbeat(NOON + MINUTE)
    third = await store.heartbeat(NOON + 2 * MINUTE)

    assert (first, second, third) == (None, NOON, NOON + MINUTE)


async def test_the_latest_instant_is_the_newest_event_or_heartbeat(store):
    nothing = await store.last_instant()
    await store.heartbeat(NOON)
    beat = await store.last_instant()
    chat = Chat(at=NOON + DAY)
    await store.append(chat.opened())

    assert (nothing, beat) == (None, NOON)
    assert await store.last_instant() == NOON + DAY


async def test_traces_come_in_the_order_of_turns_and_attempts(store):
    chat = Chat()
    await store.append(chat.opened())
    second, first = trace_of(chat, 1, 2), trace_of(chat, 1, 1, "cut off")
    later = trace_of(chat, 2, 1)

    await store.put_trace(later)
    await store.append(chat.answered(traces=[second]))
    await store.put_trace(first)

    assert await store.traces(chat.id) == [first, second, later]
    assert await store.traces("ses_2") == []


async def test_a_trace_of_the_same_attempt_takes_the_place_of_the_older(store):
    chat = Chat()
    await store.append(chat.opened())
    await store.put_trace(trace_of(chat, text="half"))

    await store.put_trace(trace_of(chat, text="whole"))

    assert [trace.text for trace in await store.traces(chat.id)] == ["whole"]


async def test_a_trace_of_a_session_that_is_not_there_is_dropped(store):
    await store.put_trace(trace_of(Chat("ses_gone")))

    assert await store.traces("ses_gone") == []


async def test_the_level_of_durability_is_told(store):
    facts = await store.health()

    assert facts["durability"] == store.durability
    assert facts["store"] == {"none": "memory", "D2": "sqlite"}[store.durability]


@pytest.mark.parametrize("text", ["", "plain", "NUL \0 inside", "🦊" * 1_000, "combining é"])
async def test_any_text_comes_back_as_it_was(store, text):
    await store.setting("text", text)
    await store.put_policy("a'b\"c", text, text.encode())

    assert await store.setting("text") == text
    assert await store.inbox_policy("a'b\"c") == text
    assert await store.policy(text) == text.encode()

"""How visitors come in: one session each, whatever races, and back into the one they left."""

import asyncio
from datetime import timedelta

import pytest
from stage import admin, agent, stage

from chatsession.core import commands as c
from chatsession.core.policy import Policy
from chatsession.runtime.following import no_wait
from chatsession.runtime.opening import MessageIn, OpenRequest
from chatsession.runtime.refused import RefusedError


async def test_the_first_message_opens_and_is_said_in_one_step():
    async with stage("Hi!") as on:
        ana = await on.visitor()

        opened = await on.open(ana, "Hello")

        assert opened.how == "opened"
        assert (await on.types(opened.session.id))[:3] == ["session_opened", "message_posted", "turn_opened"]
        assert opened.message is not None
        assert opened.message.seq == 2


async def test_twenty_openings_at_once_lead_to_one_session():
    async with stage(*["Hi!"] * 20) as on:
        ana = await on.visitor()

        opened = await asyncio.gather(*(on.open(ana, None) for _ in range(20)))

        assert len({each.session.id for each in opened}) == 1
        assert [each.how for each in opened].count("opened") == 1


async def test_the_same_opening_again_leads_to_the_same_session_and_says_nothing_twice():
    async with stage("Hi!") as on:
        ana = await on.visitor()
        request = OpenRequest(client_id="open-1", message=MessageIn(text="Hello", client_id="m-1"))

        first = await on.service.opening.open(ana, "shop", request)
        second = await on.service.opening.open(ana, "shop", request)

        assert second.session.id == first.session.id
        assert second.message is not None
        assert second.message.repeated
        assert (await on.types(first.session.id)).count("message_posted") <= 2


async def test_a_visitor_who_returns_in_time_resumes_with_history_and_context():
    async with stage("Hi!", "Welcome back!", policy=Policy(resume_window=timedelta(hours=1))) as on:
        ana = await on.visitor()
        opened = await on.open(ana, "Hello")
        await on.clock.settle()
        session = opened.session.id
        await on.service.door.submit(admin(), session, c.ChangeContext(actor=c.BOT, set={"order": "A-17"}))
        await on.service.door.submit(ana, session, c.CloseSession(actor=ana.actor))

        back = await on.open(ana, "Me again")
        await on.clock.settle()

        assert (back.how, back.session.id, back.session.period) == ("resumed", session, 2)
        assert (await on.view(admin(), session)).context == {"order": "A-17"}
        assert [line.text for line in on.bot.turns[-1].lines] == ["Hello", "Hi!", "Me again"]
        assert on.bot.turns[-1].context == {"order": "A-17"}


async def test_a_visitor_who_wants_to_start_anew_archives_the_closed_session():
    async with stage("Hi!", "Hi!") as on:
        ana = await on.visitor()
        first = (await on.open(ana, "Hello")).session.id
        await on.clock.settle()
        await on.service.door.submit(ana, first, c.CloseSession(actor=ana.actor))

        second = await on.open(ana, "Something else", on_return="new")

        assert second.how == "opened"
        assert second.session.previous == first
        assert (await on.view(ana, first)).phase == "archived"


async def test_a_return_after_the_window_begins_a_new_session_that_names_the_old_one():
    async with stage("Hi!", "Hi!", policy=Policy(resume_window=timedelta(minutes=5))) as on:
        ana = await on.visitor()
        first = (await on.open(ana, "Hello")).session.id
        await on.clock.settle()
        await on.service.door.submit(ana, first, c.CloseSession(actor=ana.actor))
        await on.clock.advance("6m")

        back = await on.open(ana, "Hello again")

        assert (back.how, back.session.previous) == ("opened", first)


async def test_only_what_the_policy_declares_is_carried_into_the_next_session():
    policy = Policy(carry_over={"default": ("order",)}, preferences=("language",))
    async with stage("Hi!", "Hi!", policy=policy) as on:
        ana = await on.visitor()
        first = (await on.open(ana, "Hello")).session.id
        await on.clock.settle()
        for scope, values in (("session", {"order": 1, "mood": "good"}), ("visitor", {"language": "de", "size": "M"})):
            await on.service.door.submit(admin(), first, c.ChangeContext(actor=c.BOT, scope=scope, set=values))
        await on.service.door.submit(ana, first, c.CloseSession(actor=ana.actor))

        second = await on.open(ana, "Hello", on_return="new")

        assert (await on.view(admin(), second.session.id)).context == {"order": 1, "language": "de"}


@pytest.mark.parametrize(("is_here", "floor", "who"), [(True, "agent", "carl"), (False, "queue", None)])
async def test_a_return_to_the_last_agent_waits_in_the_queue_where_the_agent_has_gone(is_here, floor, who):
    async with stage("Hi!", policy=Policy(resume_to="agent")) as on:
        ana, carl = await on.visitor(), agent()
        session = (await on.open(ana, "Hello")).session.id
        await on.clock.settle()
        await on.service.door.submit(carl, session, c.ClaimSession(actor=carl.actor))
        follow = await on.service.following.follow(carl, session, 0, lambda _: None, no_wait)
        await on.service.door.submit(ana, session, c.CloseSession(actor=ana.actor))
        if not is_here:
            follow.close()

        back = await on.open(ana, "Me again")

        assert (back.how, back.session.floor, back.session.agent) == ("resumed", floor, who)


@pytest.mark.parametrize(("inbox", "floor"), [("shop", "agent"), ("bank", "queue")])
async def test_an_agent_who_watches_any_chat_of_the_inbox_is_here_and_one_at_another_inbox_is_not(inbox, floor):
    async with stage("Hi!", "Hi!", policy=Policy(resume_to="agent")) as on:
        ana, bea, carl = await on.visitor(), await on.visitor(inbox), agent()
        session = (await on.open(ana, "Hello")).session.id
        other = (await on.open(bea, "Hello", inbox=inbox)).session.id
        await on.clock.settle()
        await on.service.door.submit(carl, session, c.ClaimSession(actor=carl.actor))
        await on.service.following.follow(carl, other, 0, lambda _: None, no_wait)
        await on.service.door.submit(ana, session, c.CloseSession(actor=ana.actor))

        back = await on.open(ana, "Me again")

        assert (back.how, back.session.floor) == ("resumed", floor)


async def test_an_inbox_that_is_not_the_visitors_is_not_found():
    async with stage() as on:
        ana = await on.visitor("shop")

        with pytest.raises(RefusedError) as refused:
            await on.open(ana, "Hello", inbox="bank")

        assert refused.value.refusal.code == "not_found"


async def test_no_address_is_kept_unless_the_policy_says_so():
    async with stage("Hi!") as on:
        ana = await on.visitor()

        opened = await on.open(
            ana, "Hello", metadata={"page": "/sale", "ip": "203.0.113.9", "IP_Address": "203.0.113.9"}
        )

        assert opened.session.metadata == {"page": "/sale"}


async def test_an_inbox_may_allow_several_open_sessions():
    async with stage("Hi!", "Hi!", policy=Policy(several_open=True)) as on:
        ana = await on.visitor()

        one = await on.open(ana, "Delivery?")
        two = await on.open(ana, "Returns?")

        assert one.session.id != two.session.id
        assert {(await on.view(ana, each.session.id)).phase for each in (one, two)} == {"open"}


async def test_hidden_characters_never_reach_a_bot():
    async with stage("Hi!") as on:
        ana = await on.visitor()

        await on.open(ana, "Hello\U000e0041\u200b there")
        await on.clock.settle()

        assert on.bot.turns[0].text == "Hello there"

"""Who follows a session gets everything, in order, however the news arrive."""

import asyncio
import random

import msgspec
import pytest
from stage import admin, stage

from chatsession.bus import News
from chatsession.buses.local import LocalBus
from chatsession.core import commands as c
from chatsession.runtime.following import Ended, EventFrame, SignalFrame
from chatsession.runtime.refused import RefusedError
from chatsession.testing import Held


class LossyBus(LocalBus):
    """Loses, doubles and swaps news as a seed says."""

    def __init__(self, seed: int, lost: float = 0.5) -> None:
        super().__init__()
        self._random = random.Random(seed)
        self._lost = lost
        self._kept: list[News] = []

    def publish(self, news: News) -> None:
        if self._random.random() < self._lost:
            return
        self._kept.append(news)
        if self._random.random() < 0.3:
            return
        while self._kept:
            one = self._kept.pop(self._random.randrange(len(self._kept)))
            super().publish(one)
            if self._random.random() < 0.2:
                super().publish(one)


class Screen:
    """What somebody who follows has been shown."""

    def __init__(self) -> None:
        self.events: list[dict] = []
        self.signals: list[dict] = []
        self.ended: str | None = None

    def deliver(self, delivery) -> None:
        match delivery:
            case EventFrame(data=data):
                self.events.append(msgspec.json.decode(data))
            case SignalFrame(data=data):
                self.signals.append(msgspec.json.decode(data))
            case Ended(code=code):
                self.ended = code

    @property
    def seqs(self) -> list[int]:
        return [event["seq"] for event in self.events]


async def follow(on, principal, session, after=0):
    screen = Screen()

    async def room() -> None:
        await asyncio.sleep(0)

    following = await on.service.following.follow(principal, session, after, screen.deliver, room)
    return screen, following


async def test_a_follower_gets_the_history_and_then_what_comes():
    async with stage("Hi!", "Sure.") as on:
        ana = await on.visitor()
        session = (await on.open(ana)).session.id
        await on.clock.settle()

        screen, _ = await follow(on, ana, session, after=2)
        await on.say(ana, session, "Where is my parcel?")
        await on.clock.settle()

        head = (await on.view(ana, session)).seq
        assert screen.seqs == list(range(3, head + 1))
        assert [each["type"] for each in screen.signals].count("delta") >= 1


async def test_a_visitor_sees_a_place_where_an_event_is_for_the_service_alone():
    async with stage("Hi!") as on:
        ana = await on.visitor()
        session = (await on.open(ana)).session.id
        await on.clock.settle()
        await on.service.door.submit(admin(), session, c.PostNote(actor=c.BOT, text="a secret remark"))

        theirs, _ = await follow(on, ana, session)
        ours, _ = await follow(on, admin(), session)

        assert theirs.events[-1] == {"seq": ours.seqs[-1], "at": ours.events[-1]["at"], "type": "hidden"}
        assert ours.events[-1]["text"] == "a secret remark"
        assert theirs.seqs == ours.seqs


@pytest.mark.parametrize("seed", range(20))
async def test_lost_doubled_and_swapped_news_are_made_good(seed):
    async with stage(*["ok"] * 30, bus=LossyBus(seed)) as on:
        ana = await on.visitor()
        session = (await on.open(ana)).session.id
        screen, following = await follow(on, ana, session)

        for number in range(12):
            await on.say(ana, session, f"{number}")
            await on.clock.settle()
        head = (await on.view(ana, session)).seq
        on.service.following.check(following, head)
        await on.clock.settle()

        assert screen.seqs == list(range(1, head + 1))


async def test_a_position_ahead_of_the_session_asks_for_a_fresh_start():
    async with stage("Hi!") as on:
        ana = await on.visitor()
        session = (await on.open(ana)).session.id

        with pytest.raises(RefusedError) as refused:
            await follow(on, ana, session, after=10_000)

        assert (refused.value.refusal.code, refused.value.refusal.status) == ("resync", 410)


async def test_a_newcomer_is_shown_what_is_being_written():
    held = Held("Your parcel ", "is on ")
    async with stage(held) as on:
        ana = await on.visitor()
        session = (await on.open(ana)).session.id
        await held.is_reached.wait()
        await on.clock.settle()

        screen, _ = await follow(on, ana, session)

        partial = next(each for each in screen.signals if each["type"] == "partial")
        assert (partial["text"], partial["offset"], partial["turn"]) == ("Your parcel is on ", 0, 1)
        held.release()


async def test_logging_out_and_erasing_end_live_streams():
    async with stage("Hi!", "Hi!") as on:
        ana, bea = await on.visitor(), await on.visitor()
        one = (await on.open(ana)).session.id
        two = (await on.open(bea)).session.id
        anas, _ = await follow(on, ana, one)
        beas, _ = await follow(on, bea, two)
        watching, _ = await follow(on, admin(), two)

        await on.service.identity.log_out(ana)
        await on.service.erasing.erase_visitor(admin(), bea.id)

        assert (anas.ended, beas.ended, watching.ended) == ("revoked", "erased", "erased")


async def test_draining_tells_followers_to_come_back():
    async with stage("Hi!") as on:
        ana = await on.visitor()
        session = (await on.open(ana)).session.id
        screen, _ = await follow(on, ana, session)

    assert screen.ended == "draining"


async def test_nobody_follows_somebody_elses_session():
    async with stage("Hi!") as on:
        ana, bea = await on.visitor(), await on.visitor()
        session = (await on.open(ana)).session.id

        with pytest.raises(RefusedError) as refused:
            await follow(on, bea, session)

        assert refused.value.refusal.code == "not_found"
        assert len(on.service.following) == 0

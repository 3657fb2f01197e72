"""T6: what a million live sessions cost in deadlines: resetting, remembering, ticking, and coming back after a stop.

    python bench/timers/run.py [--quick]

The wheel is the real one, filled with deadlines spread over the half hour of the default idle timeout. Coming back is
the real thing too: the store is opened and the service started on a file with as many open sessions, until the one that
is overdue has been warned. `--quick` takes a tenth of the sessions.
"""

import argparse
import asyncio
import random
import tempfile
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chatsession.assemble import clock_for, make_service, store_at
from chatsession.core import commands as c
from chatsession.core.decide import drafted
from chatsession.core.draft import Draft
from chatsession.core.events import header
from chatsession.core.policy import Policy
from chatsession.runtime.committing import append_of
from chatsession.runtime.inboxes import Inbox
from chatsession.runtime.wheel import SLOT, Wheel

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
SPREAD_SECONDS = 1_800
AT_ONCE = 1_000
POLICY = Policy()
SHOP = Inbox(name="shop", policy=POLICY)


def deadlines(count, rng):
    """Instants of the next half hour."""
    return [NOW + timedelta(seconds=rng.uniform(1, SPREAD_SECONDS)) for _ in range(count)]


def measure_wheel(count):
    """(bytes a timer, µs a reset, ms of the longest slice, ms of the longest whole tick)."""
    rng = random.Random(6)
    ids = [f"ses_{number:026d}" for number in range(count)]
    first = deadlines(count, rng)
    later = [due + timedelta(seconds=rng.uniform(1, 60)) for due in first]
    order = list(range(count))
    rng.shuffle(order)
    wheel = filled(ids, first)
    started = time.process_time()
    for place in order:
        wheel.set(ids[place], later[place])
    reset = (time.process_time() - started) / count * 1e6
    slices, ticks = turn_to_the_end(wheel)
    if len(wheel) > 0:
        raise SystemExit("some deadlines did not fire")
    return bytes_a_timer(ids, first, later), reset, max(slices) * 1e3, max(ticks) * 1e3


def filled(ids, deadlines_):
    """A wheel with all of them."""
    wheel = Wheel(NOW)
    for session, due in zip(ids, deadlines_, strict=True):
        wheel.set(session, due)
    return wheel


def bytes_a_timer(ids, first, later):
    """What Python has allocated for a wheel in which every deadline was moved once, apart from the ids themselves."""
    tracemalloc.start()
    wheel = filled(ids, first)
    for session, due in zip(ids, later, strict=True):
        wheel.set(session, due)
    allocated, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return allocated / len(wheel)


def turn_to_the_end(wheel):
    """Turn slot by slot: CPU seconds of each slice, between which others may run, and of each whole tick."""
    slices, ticks = [], []
    for step in range(1, int((SPREAD_SECONDS + 60) / SLOT.total_seconds()) + 2):
        started = time.process_time()
        since = started
        for _ in wheel.turn(NOW + step * SLOT):
            now = time.process_time()
            slices.append(now - since)
            since = now
        ticks.append(time.process_time() - started)
    return slices, ticks


async def fill(folder, count):
    """Write as many open sessions, one of them overdue: its id."""
    store = store_at(folder / "chatsession.db")
    await store.open()
    await store.put_policy("shop", POLICY.hash, b"{}")
    overdue = datetime.now(UTC) - timedelta(hours=1)
    for start in range(0, count, AT_ONCE):
        await store.append(
            *(
                opened(number, overdue if number == 0 else datetime.now(UTC))
                for number in range(start, min(count, start + AT_ONCE))
            )
        )
    await store.close()


def opened(number, at):
    """The append of a session that somebody has just opened."""
    command = c.OpenSession(
        actor=c.Actor(kind="visitor", id=f"vis_{number:026d}"),
        session=f"ses_{number:026d}",
        inbox="shop",
        visitor=f"vis_{number:026d}",
        policy=POLICY.hash,
    )
    step = drafted(None, command, POLICY, at)
    if not isinstance(step, Draft):
        raise SystemExit(step.detail)
    return append_of(step.session, step.events, POLICY, snapshot_seq=0)


async def restart(folder):
    """Seconds from nothing until the overdue session has been warned."""
    started = time.perf_counter()
    store = store_at(folder / "chatsession.db")
    await store.open()
    service = make_service(store=store, bots={}, inboxes={"shop": SHOP}, clock=await clock_for(store))
    await service.start()
    served = time.perf_counter() - started
    session = f"ses_{0:026d}"
    while not any(header(frame).type == "session_warned" for frame in await store.frames(session, 0, 10)):  # noqa: ASYNC110  as a client would
        await asyncio.sleep(0.01)
    armed = time.perf_counter() - started
    await service.drain()
    await store.close()
    return served, armed


def judged(what, floor, aim, measured, unit):
    held = "yes" if measured <= floor else "no"
    print(f"| T6 | {what} | {floor} {unit} | {aim} {unit} | {measured:.2f} {unit} | {held} |")


async def main(quick):
    count = 100_000 if quick else 1_000_000
    held, reset, longest_slice, longest_tick = measure_wheel(count)
    with tempfile.TemporaryDirectory() as name:
        await fill(Path(name), count)
        served, armed = await restart(Path(name))
    print(f"### {count:,} live sessions\n")
    print("| id | what | floor | aim | measured | held |")
    print("|---|---|---|---|---|---|")
    judged("a reset", 2, 0.5, reset, "µs")
    judged("memory for a timer", 64, 32, held, "B")
    judged("the longest stretch without a pause", 10, 5, longest_slice, "ms")
    judged("the longest tick, pauses and all", 10, 5, longest_tick, "ms")
    judged("restart: serving", 5, 1, served, "s")
    judged("restart: the overdue session is warned", 5, 1, armed, "s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    asyncio.run(main(parser.parse_args().quick))

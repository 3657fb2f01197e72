"""What every store is asked to do, and what is measured of it. What is read back is checked."""

import asyncio
import gc
import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from column import Column
from words import said, state_after

LINES = 20
LENGTHS = (100, 10_000)
READS, READS_SECONDS = 200, 4.0
RESUMED_MESSAGES = 1_000
RESUMES = 7
KILLED_SESSIONS, KILLED_TURNS = 40, 100

Make = Callable[[Path], Column]


async def talk(column: Column, *, sessions: int, turns: int, cap_seconds: float) -> dict:
    """Many sessions at once: a question, the context, an answer, over and over. Stops beginning turns after the cap."""
    names = [f"talk-{number}" for number in range(sessions)]
    for place, name in enumerate(names):
        await column.begin(name)
        await column.prepare(name, place * 2 * turns, turns)
    # What was prepared is not the store's to search through for garbage.
    gc.collect()
    gc.freeze()
    waits: list[float] = []
    troubles: Counter[str] = Counter()
    begin, cpu = time.perf_counter(), time.process_time()

    async def one(place: int, name: str) -> None:
        for turn in range(turns):
            if time.perf_counter() - begin > cap_seconds:
                return
            start = time.perf_counter()
            try:
                await one_turn(column, name, place * 2 * turns, turn)
            except Exception as error:  # noqa: BLE001  a peer's trouble is a result, not a reason to stop
                troubles[f"{type(error).__name__}: {str(error)[:80]}"] += 1
            else:
                waits.append(time.perf_counter() - start)

    await asyncio.gather(*(one(place, name) for place, name in enumerate(names)))
    seconds = time.perf_counter() - begin
    await column.settle()
    cpu = time.process_time() - cpu
    waits.sort()
    return {
        "turns": len(waits),
        "of": sessions * turns,
        "turns_a_second": len(waits) / seconds,
        "cpu_ms": cpu * 1e3 / max(1, len(waits)),
        "median_ms": statistics.median(waits) * 1e3 if waits else None,
        "p99_ms": waits[int(len(waits) * 0.99)] * 1e3 if waits else None,
        "troubles": dict(troubles),
    }


async def one_turn(column: Column, name: str, first: int, turn: int) -> None:
    """A question, what the next turn needs, an answer."""
    question, answer = said(first + 2 * turn), said(first + 2 * turn + 1)
    await column.say(name, turn, "user", question)
    lines = await column.context(name, LINES)
    assert lines[-1] == ("user", question), lines[-1:]
    assert len(lines) == min(LINES, 2 * turn + 1)
    await column.say(name, turn, "bot", answer, state_after(turn))


async def growth(column: Column, *, lengths: tuple[int, ...] = LENGTHS) -> dict:
    """How long it takes to load what the next turn needs, by the length of the session: lengths take turns.

    Before each read the session moves on, for a store may keep its state every so many events only.
    """
    for length in lengths:
        await column.begin(f"long-{length}")
        await column.fill(f"long-{length}", long_talk(length))
    waits: dict[int, list[float]] = {length: [] for length in lengths}
    end = time.perf_counter() + READS_SECONDS
    while len(waits[lengths[-1]]) < READS and (time.perf_counter() < end or not waits[lengths[-1]]):
        for length in lengths:
            name, turn = f"long-{length}", length // 2 + len(waits[length])
            await column.say(name, turn, "user", said(turn))
            await column.say(name, turn, "bot", said(turn + 1), state_after(turn))
            start = time.perf_counter()
            lines = await column.context(name, LINES)
            waits[length].append(time.perf_counter() - start)
            assert lines[-1] == ("bot", said(turn + 1))
    return {str(length): statistics.median(waits[length]) * 1e3 for length in lengths}


async def resume(make: Make, folder: Path) -> dict:
    """A new store object over what is there, and all of one session of a thousand messages."""
    column = make(folder)
    await column.open()
    await column.begin("resumed")
    await column.fill("resumed", long_talk(RESUMED_MESSAGES))
    await column.close()
    waits = []
    for _ in range(RESUMES):
        column = make(folder)
        start = time.perf_counter()
        await column.open()
        history = await column.history("resumed")
        waits.append(time.perf_counter() - start)
        assert column.lines(history) == long_talk(RESUMED_MESSAGES)
        await column.close()
    return {"median_ms": statistics.median(waits) * 1e3}


async def size(make: Make, folder: Path, *, sessions: int, cap_seconds: float) -> dict:
    """Bytes on the disk for each message of sessions of twenty, the store closed."""
    column = make(folder)
    await column.open()
    messages = payload = 0
    begin = time.perf_counter()
    for number in range(sessions):
        if time.perf_counter() - begin > cap_seconds:
            break
        name = f"size-{number}"
        await column.begin(name)
        for turn in range(10):
            question, answer = said(number * 20 + 2 * turn), said(number * 20 + 2 * turn + 1)
            await column.say(name, turn, "user", question)
            await column.say(name, turn, "bot", answer, state_after(turn))
            messages += 2
            payload += len(question.encode()) + len(answer.encode())
    await column.close()
    return {"messages": messages, "bytes": column.bytes() / messages, "payload": payload / messages}


async def acknowledge(column: Column, tell: Callable[[str], None]) -> None:
    """Talk without end; each message is told after it was acknowledged, never before."""
    names = [f"kill-{number}" for number in range(KILLED_SESSIONS)]
    for place, name in enumerate(names):
        await column.begin(name)
        await column.prepare(name, place * 2 * KILLED_TURNS, KILLED_TURNS)

    async def one(place: int, name: str) -> None:
        for turn in range(KILLED_TURNS):
            for role, each in (("user", 0), ("bot", 1)):
                number = 2 * turn + each
                text = said(place * 2 * KILLED_TURNS + number)
                await column.say(name, turn, role, text, state_after(turn) if each else None)
                tell(f"{place} {number}")

    # A session whose store gives up is silent from there on; the others go on until the kill.
    await asyncio.gather(*(one(place, name) for place, name in enumerate(names)), return_exceptions=True)
    await asyncio.Event().wait()


async def missing(make: Make, folder: Path, acknowledged: dict[str, int]) -> dict:
    """How many of the acknowledged messages of each session are not there, in their place and as they were."""
    column = make(folder)
    await column.open()
    lost = 0
    for place, count in acknowledged.items():
        lines = [text for _, text in column.lines(await column.history(f"kill-{place}"))]
        first = int(place) * 2 * KILLED_TURNS
        lost += sum(lines[each : each + 1] != [said(first + each)] for each in range(count))
    await column.close()
    return {"acknowledged": sum(acknowledged.values()), "lost": lost}


def long_talk(length: int) -> list[tuple[str, str]]:
    """A session of so many messages."""
    return [("bot" if place % 2 else "user", said(place)) for place in range(length)]

"""T1-T5: what a durable message and an idle socket cost, against echoes and against the least that is durable.

    python bench/sockets/run.py [--quick]

Every server has a process of its own and keeps its connections open through all rounds; the rounds are interleaved, so
that a busy stretch of the machine hits all alike. Ratios are medians over the rounds of ratios within a round.
"""

import argparse
import asyncio
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import uvloop
from load import Load, connect
from measured import HERE, Server

ACK = b'{"type":"ack"'


class Contender:
    """A server with its connections."""

    def __init__(self, server, load):
        self.server, self.load = server, load
        self.rounds = []

    async def round(self, seconds, warm_up):
        self.rounds.append(await self.load.run(seconds, warm_up, self.server.cpu))

    def rates(self):
        return [rate for rate, _, _ in self.rounds]

    def cpus(self):
        return [cpu * 1e6 for _, cpu, _ in self.rounds]

    def p99_ms(self):
        return statistics.median(waits[int(len(waits) * 0.99)] * 1e3 for _, _, waits in self.rounds if waits)


async def contend(kinds, folder, callers, rounds, seconds):
    """Let each server be loaded in turn, round by round."""
    contenders = {}
    try:
        for kind in kinds:
            server = Server(kind, folder)
            contenders[kind] = Contender(server, None)
            talks = kind.startswith(("durable", "prototype"))
            peers = await connect(server.port, callers, ACK if talks else None, None if talks else "hello")
            contenders[kind].load = Load(peers)
        for _ in range(rounds):
            for contender in contenders.values():
                await contender.round(seconds, warm_up=0.4)
    finally:
        for contender in contenders.values():
            contender.server.stop()
    return contenders


def ratio(ours, theirs):
    """Median and range of the ratios round by round."""
    ratios = sorted(one / other for one, other in zip(ours, theirs, strict=True))
    return statistics.median(ratios), ratios[0], ratios[-1]


def show(contenders):
    print("| server | messages/s (median) | server CPU µs/message | p99 ms |")
    print("|---|---|---|---|")
    for kind, one in contenders.items():
        rate, cpu = statistics.median(one.rates()), statistics.median(one.cpus())
        print(f"| {kind} | {rate:,.0f} | {cpu:.1f} | {one.p99_ms():.0f} |")
    print()


def judge(rows):
    print("| id | what | floor | aim | measured (range) | held |")
    print("|---|---|---|---|---|---|")
    for name, what, floor, aim, (median, low, high), at_least in rows:
        held = median >= floor if at_least else median <= floor
        print(
            f"| {name} | {what} | {floor} | {aim} | {median:.2f} ({low:.2f}–{high:.2f}) | {'yes' if held else 'no'} |"
        )
    print()


def rows_of(found, suffix):
    durable, echo = found[f"durable{suffix}"], found[f"echo{suffix}"]
    reference, prototype = found["reference"], found[f"prototype{suffix}"]
    return [
        ("T1", "durable against own echo", 0.45, 0.6, ratio(durable.rates(), echo.rates()), True),
        ("T2", "durable against the reference echo", 1.0, 1.5, ratio(durable.rates(), reference.rates()), True),
        ("T3", "server CPU per durable message against own echo", 2.5, 2.0, ratio(durable.cpus(), echo.cpus()), False),
        ("T4", "whole server against the bare prototype", 0.6, 0.8, ratio(durable.rates(), prototype.rates()), True),
    ]


async def memory(folder, kind, callers):
    """KiB for each idle connection, its session included."""
    server = Server(kind, folder)
    try:
        await connect(server.port, callers[:20], None)
        before = server.kib()
        await connect(server.port, callers[20:], None)
        await asyncio.sleep(1)
        return (server.kib() - before) / (len(callers) - 20)
    finally:
        server.stop()


async def main(quick):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    sessions, rounds, seconds = (500, 3, 1.5) if quick else (500, 7, 3.0)
    idle = 1_000 if quick else 5_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, str(HERE / "prepared.py"), name, str(max(sessions, idle))]
        subprocess.run(command, check=True)  # noqa: ASYNC221  nothing else is to run meanwhile
        callers = [tuple(each) for each in json.loads((folder / "callers.json").read_text())]
        for suffix in ("", "-asgi"):
            kinds = (f"echo{suffix}", "reference", f"durable{suffix}", f"prototype{suffix}")
            print(f"### {len(callers[: sessions * 2])} connections, {'uvicorn' if suffix else 'picows'}\n")
            work = folder / f"work{suffix}"
            work.mkdir()
            (work / "chatsession.db").write_bytes((folder / "chatsession.db").read_bytes())
            found = await contend(kinds, work, callers[: sessions * 2], rounds, seconds)
            show(found)
            judge(rows_of(found, suffix))
        for suffix in ("", "-asgi"):
            kib = await memory(folder, f"durable{suffix}", callers[::2][:idle])
            judge([("T5", f"KiB per idle connection, durable{suffix}", 20, 14, (kib, kib, kib), False)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    uvloop.run(main(parser.parse_args().quick))

"""The tables, in Markdown."""

import os
import statistics
from collections.abc import Callable, Sequence
from typing import Any

from peers import COLD, OPENAI, STORE, Peer, versions

Results = list[dict[str, Any]]


HEADS = (
    "store", "turns/s", "of", "median ms", "p99 ms", "CPU ms/turn", "next turn, ms at 100", "at 10 000", "resume ms",
    "bytes/message", "killed: lost of", "trouble",
)  # fmt: skip


def report(results: Results, peers: Sequence[Peer]) -> str:
    """Targets first, then every column."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    parts = [
        "### Stores: targets",
        "",
        f"{os.cpu_count()} cores, load {load} (1, 5, 15 minutes). Ratios within rounds, medians over rounds.",
        "",
        *targets(results),
        "",
        "### Stores: columns (medians over rounds)",
        "",
        *columns(results, peers),
        "",
        *(
            f"- {peer.name}: {versions(peer)}, journal and flush {flushing(results, peer)}"
            for peer in peers
            if peer.packages
        ),
    ]
    return "\n".join(parts)


def targets(results: Results) -> list[str]:
    """S1 to S7: the floor, what was measured, and whether it holds."""
    talk, raw = of(results, STORE.name, "talk"), of(results, "raw", "raw")
    theirs = of(results, OPENAI.name, "talk")
    growth, resumes = of(results, COLD.name, "growth"), of(results, STORE.name, "resume")
    killed = of(results, STORE.name, "killed")
    assert all(each["acknowledged"] for each in killed), "nothing was acknowledged, so nothing could be lost"
    rows = [
        ("S1", "turns/s against OpenAI SQLiteSession", "≥ 12", ratios(talk, theirs, "turns_a_second"), at_least(12)),
        ("S2", "appends/s against the best grouped raw rows/s", "≥ 0.25", appends_by_rows(talk, raw), at_least(0.25)),
        ("S3", "CPU of a turn, ms", "≤ 0.15", [each["cpu_ms"] for each in talk], at_most(0.15)),
        ("S4", "reading what the next turn needs, 10 000 messages against 100", "≤ 1.3", grown(growth), at_most(1.3)),
        ("S5", "resuming 1 000 messages against OpenAI SQLiteSession", "≤ 0.6",
         ratios(resumes, of(results, OPENAI.name, "resume"), "median_ms"), at_most(0.6)),
        ("S6", "bytes of a message", "≤ 350",
         [each["bytes"] for each in of(results, STORE.name, "size")], at_most(350)),
        ("S7", "acknowledged and lost after kill -9; turns in trouble", "0",
         [sum(each["lost"] for each in killed) + sum(sum(each["troubles"].values()) for each in talk)], at_most(0)),
    ]  # fmt: skip
    lines = ["| | target | floor | measured | each round | held |", "|---|---|---|---|---|---|"]
    for name, what, floor, found, holds in rows:
        middle = statistics.median(found)
        each = " ".join(short(one) for one in found)
        lines.append(
            f"| {name} | {what} | {floor} | {short(middle)} | {each} | {'yes' if holds(middle) else '**no**'} |"
        )
    return lines


def columns(results: Results, peers: Sequence[Peer]) -> list[str]:
    """Every column with everything that was measured of it."""
    lines = [
        f"| {' | '.join(HEADS)} |",
        "|---" * len(HEADS) + "|",
        *(f"| {' | '.join([peer.name, *cells(results, peer.name)])} |" for peer in peers),
    ]
    raw = [each["rows_a_second"] for each in of(results, "raw", "raw")]
    return [*lines, f"| raw SQLite, grouped | {short(statistics.median(raw))} rows/s |" + " |" * (len(HEADS) - 2)]


def cells(results: Results, name: str) -> list[str]:
    talk, growth, size = (of(results, name, work) for work in ("talk", "growth", "size"))
    killed = of(results, name, "killed")
    troubles: dict[str, int] = {}
    for each in talk:
        for trouble, times in each["troubles"].items():
            troubles[trouble[:60]] = troubles.get(trouble[:60], 0) + times
    return [
        middle(talk, "turns_a_second"),
        f"{middle(talk, 'turns')} / {talk[0]['of']}",
        middle(talk, "median_ms"),
        middle(talk, "p99_ms"),
        middle(talk, "cpu_ms"),
        middle(growth, "100"),
        middle(growth, "10000"),
        middle(of(results, name, "resume"), "median_ms"),
        middle(size, "bytes"),
        f"{sum(each['lost'] for each in killed)} of {sum(each['acknowledged'] for each in killed)}" if killed else "–",
        "; ".join(f"{times} × {trouble}" for trouble, times in troubles.items()) or "none",
    ]


def of(results: Results, name: str, work: str) -> Results:
    """What a column's work came to, round by round."""
    return [each for each in results if (each["column"], each["work"]) == (name, work)]


def ratios(ours: Results, theirs: Results, key: str) -> list[float]:
    return [mine[key] / other[key] for mine, other in zip(ours, theirs, strict=True)]


def appends_by_rows(talk: Results, raw: Results) -> list[float]:
    return [2 * mine["turns_a_second"] / other["rows_a_second"] for mine, other in zip(talk, raw, strict=True)]


def grown(growth: Results) -> list[float]:
    return [each["10000"] / each["100"] for each in growth]


def at_least(floor: float) -> Callable[[float], bool]:
    return lambda found: found >= floor


def at_most(floor: float) -> Callable[[float], bool]:
    return lambda found: found <= floor


def middle(results: Results, key: str) -> str:
    found = [each[key] for each in results if each.get(key) is not None]
    return short(statistics.median(found)) if found else "–"


def flushing(results: Results, peer: Peer) -> str:
    found = of(results, peer.name, "settings")
    return str(found[0]["settings"]) if found else "unknown"


def short(number: float) -> str:
    """As many digits as mean something."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.2f}" if number >= 0.1 or number == 0 else f"{number:.3f}"

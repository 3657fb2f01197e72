"""Our store beside its peers: what each does for the same work, in the same rounds.

    python bench/stores/run.py            all columns, nine rounds, about ten minutes
    python bench/stores/run.py --quick    our store and the nearest peer, two small rounds

Ratios are formed within a round, where the machine is the same for both, and then the median is taken.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from columns.raw import rows_a_second
from peers import ADK, CACHE, COLD, LANGGRAPH, OPENAI, RULES, STORE, Peer, Worker
from report import report

ACKNOWLEDGED_MAX, KILLED_AFTER_SECONDS = 2_000, 4.0


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    peers: tuple[Peer, ...]
    rounds: int
    sessions: int
    turns: int
    cap_seconds: float
    kills: int
    sized_sessions: int
    lengths: tuple[int, ...] = (100, 10_000)


FULL = Size(
    (STORE, RULES, COLD, OPENAI, LANGGRAPH, ADK),
    rounds=9, sessions=200, turns=25, cap_seconds=20, kills=5, sized_sessions=1_000,
)  # fmt: skip
QUICK = Size((STORE, COLD, OPENAI), rounds=2, sessions=200, turns=10, cap_seconds=10, kills=2, sized_sessions=100)


class Bench:
    """Runs everything, tells how far it is, and keeps what came of it."""

    def __init__(self, size: Size, folder: Path) -> None:
        self.size = size
        self.folder = folder
        self.began = time.perf_counter()
        self.steps = 0
        self.results: list[dict[str, Any]] = []
        self.workers = [Worker(peer) for peer in size.peers if self.say(f"{peer.name}: getting ready")]

    def say(self, what: str) -> bool:
        """Show progress."""
        self.steps += 1
        print(f"{time.perf_counter() - self.began:6.0f} s  {what}", file=sys.stderr, flush=True)
        return True

    def run(self) -> list[dict[str, Any]]:
        """All rounds, then what is measured once."""
        for number in range(1, self.size.rounds + 1):
            self.say(f"round {number} of {self.size.rounds}: rows in one file, nothing else")
            self.keep(number, "raw", "raw", {"rows_a_second": max(rows_a_second(self.fresh()).values())})
            for worker in self.workers:
                if (number - 1) % worker.peer.every == 0:
                    self.round(number, worker)
        for worker in self.workers:
            self.once(worker)
        for worker in self.workers:
            worker.end()
        return self.results

    def round(self, number: int, worker: Worker) -> None:
        """What is compared within a round."""
        size = self.size
        how = {"sessions": size.sessions, "turns": size.turns, "cap_seconds": size.cap_seconds}
        self.do(number, worker, "talk", how=how)
        self.do(number, worker, "growth", how={"lengths": size.lengths})
        self.do(number, worker, "resume")

    def once(self, worker: Worker) -> None:
        """What does not depend on the machine's mood."""
        if worker.peer in (RULES, COLD):
            return
        how = {"sessions": self.size.sized_sessions, "cap_seconds": self.size.cap_seconds}
        self.do(0, worker, "size", how=how)
        self.do(0, worker, "settings")
        for number in range(1, self.size.kills + 1):
            self.say(f"{worker.peer.name}: kill {number} of {self.size.kills}")
            self.keep(0, worker.peer.name, "killed", self.killed(worker))

    def do(self, number: int, worker: Worker, work: str, **job: Any) -> None:
        """One job in a folder of its own."""
        if work in worker.peer.spared:
            return
        self.say(f"round {number}: {worker.peer.name}: {work}" if number else f"{worker.peer.name}: {work}")
        self.keep(number, worker.peer.name, work, worker.ask(work, self.fresh(), **job))

    def killed(self, worker: Worker) -> dict[str, Any]:
        """Kill the process while it talks; then look for everything it had acknowledged."""
        folder = self.fresh()
        worker.send("acknowledge", folder)
        said = worker.heard_until_killed(ACKNOWLEDGED_MAX, KILLED_AFTER_SECONDS)
        acknowledged: dict[str, int] = {}
        for line in said:
            place, number = line.split()
            acknowledged[place] = max(acknowledged.get(place, 0), int(number) + 1)
        worker.begin()
        return worker.ask("missing", folder, acknowledged=acknowledged)

    def keep(self, number: int, name: str, work: str, result: dict[str, Any]) -> None:
        """Note a result."""
        self.results.append({"round": number, "column": name, "work": work, **result})

    def fresh(self) -> Path:
        """An empty folder; the ones before are cleared away."""
        for old in self.folder.iterdir():
            shutil.rmtree(old)
        return Path(tempfile.mkdtemp(dir=self.folder))


def main() -> None:
    """Measure, print the tables, keep the raw results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="two small rounds against the nearest peer")
    size = QUICK if parser.parse_args().quick else FULL
    CACHE.mkdir(parents=True, exist_ok=True)
    for left_behind in CACHE.glob("data-*"):
        shutil.rmtree(left_behind)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="data-") as folder:
        results = Bench(size, Path(folder)).run()
    (CACHE / "results.json").write_text("\n".join(map(json.dumps, results)))
    print(report(results, size.peers))


if __name__ == "__main__":
    main()

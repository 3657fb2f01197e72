"""A run: world after world from one seed, until so many sessions were lived through."""

import hashlib
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from typing import Any

from chatsession.simulation.checks.purity import impurities
from chatsession.simulation.checks.violations import Violation
from chatsession.simulation.coverage import Coverage, hits_min_for
from chatsession.simulation.life import Lived, live
from chatsession.simulation.report import Broken, Report

SESSIONS_PER_WORLD = 25
VIOLATIONS_MAX = 5
Job = tuple[int, int, int]


def run(  # noqa: PLR0913  what a run is chosen by
    seed: int,
    sessions: int,
    *,
    progress: Callable[[int], None] | None = None,
    workers: int = 1,
    only_world: int | None = None,
    hits_min: int | None = None,
    violations_max: int = VIOLATIONS_MAX,
) -> Report:
    """Live through so many sessions; the same seed gives the same digest, on every machine, with any number of workers.

    `only_world` repeats one world, `hits_min` says how often each cell is to be met (by default 50 times, and in a run
    of less than 10,000 sessions not at all), and the run ends at the first `violations_max` violations.
    """
    began = time.perf_counter()
    jobs = [job for job in jobs_of(seed, sessions) if only_world in (None, job[1])]
    if hits_min is None:
        hits_min = 0 if only_world is not None else hits_min_for(sessions)
    total = _Total()
    total.violations += [Broken(world=0, violation=Violation("I1", place)) for place in impurities()]
    for lived in _lived(jobs, workers) if not total.violations else ():
        total.add(lived)
        if progress is not None:
            progress(total.sessions)
        if len(total.violations) >= violations_max:
            break
    return Report(
        seed=seed,
        asked=sessions,
        **total.seen(),
        wall_seconds=time.perf_counter() - began,
        hits_min=hits_min,
        gaps=total.coverage.gaps(hits_min) if hits_min else [],
        violations=total.violations[:violations_max],
    )


def jobs_of(seed: int, sessions: int) -> list[Job]:
    """The worlds of a run: seed, number, and how many sessions each is to see."""
    numbers = range((sessions + SESSIONS_PER_WORLD - 1) // SESSIONS_PER_WORLD)
    return [(seed, number, min(SESSIONS_PER_WORLD, sessions - number * SESSIONS_PER_WORLD)) for number in numbers]


class _Total:
    def __init__(self) -> None:
        self.sessions = self.worlds = self.events = 0
        self.passed = timedelta(0)
        self.coverage = Coverage()
        self.violations: list[Broken] = []
        self.digest = hashlib.blake2b(digest_size=16)

    def seen(self) -> dict[str, Any]:
        """What a report says of it."""
        return {
            "sessions": self.sessions,
            "worlds": self.worlds,
            "events": self.events,
            "virtual_time": self.passed,
            "coverage": self.coverage,
            "digest": self.digest.hexdigest(),
        }

    def add(self, lived: Lived) -> None:
        self.sessions += lived.sessions
        self.worlds += 1
        self.events += lived.events
        self.passed += lived.passed
        self.coverage.add(lived.coverage)
        self.digest.update(lived.digest)
        self.violations += [Broken(world=lived.number, violation=violation) for violation in lived.violations]


def _lived(jobs: Iterable[Job], workers: int) -> Iterator[Lived]:
    if workers == 1:
        yield from map(_live, jobs)
        return
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            yield from pool.map(_live, jobs)
        finally:
            pool.shutdown(cancel_futures=True)


def _live(job: Job) -> Lived:
    return live(*job)

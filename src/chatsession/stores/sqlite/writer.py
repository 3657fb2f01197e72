"""The writer thread: everything that waits at a moment goes into one transaction, and is told so together.

There is no batching window: the batch is whatever arrived during the last commit.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from chatsession import sqlite
from chatsession.store import StoreBusyError, StoreError, StoreUnavailableError

QUEUE_MAX = 10_000
BATCH_MAX = 1_024
FOLLOW_EVERY_SECONDS = 1.0
FOLLOW_STEP = 500

Result = TypeVar("Result")
Work = Callable[[sqlite.Database], Any]


class Job:
    """One unit of work: all of it is in the transaction or nothing.

    The work raises a StoreError before its first write, or not at all: then the others of its batch are unharmed.
    `after` runs once the transaction is on the disk, before the caller is told.
    """

    __slots__ = ("after", "future", "work")

    def __init__(self, future: "asyncio.Future[Any]", work: Work, after: Work | None) -> None:
        self.future = future
        self.work = work
        self.after = after


class Writer:
    """Owns the writing connection and its thread."""

    def __init__(
        self, open_writer: Callable[[], sqlite.Database], *, rolled_back: Callable[[], None], follow: Work
    ) -> None:
        self._open = open_writer
        self._rolled_back = rolled_back
        self._follow = follow
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._waiting = 0
        self.batches = 0

    def start(self) -> None:
        """Begin to write, for the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="chatsession-writer", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[sqlite.Database], Result], after: Work | None = None) -> Result:
        """Return the work's result once it is on the disk. A caller that is cancelled does not stop the work."""
        if self._loop is None or self._thread is None or not self._thread.is_alive():
            raise StoreUnavailableError("the store is closed")
        if self._waiting >= QUEUE_MAX:
            raise StoreBusyError(f"{QUEUE_MAX} writes are waiting already")
        future: asyncio.Future[Result] = self._loop.create_future()
        self._waiting += 1
        self._jobs.put(Job(future, work, after))
        return await future

    async def stop(self) -> None:
        """Finish what waits, then end."""
        if self._thread is not None:
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None

    def _run(self) -> None:
        database = self._open()
        followed_at = time.monotonic()
        behind = True
        ending = False
        while not ending:
            jobs, ending = self._next(behind)
            if jobs:
                self._tell(jobs, self._write(database, jobs))
                behind = True
            if behind and (not jobs or time.monotonic() - followed_at > FOLLOW_EVERY_SECONDS):
                behind = self._try_follow(database)
                followed_at = time.monotonic()
        sqlite.scrub(database)
        database.close()

    def _next(self, behind: bool) -> tuple[list[Job], bool]:
        """What waits now; without anything it waits itself, unless the followers are behind."""
        jobs: list[Job] = []
        try:
            job = self._jobs.get(timeout=0.05 if behind else None)
            while job is not None and len(jobs) < BATCH_MAX:
                jobs.append(job)
                job = self._jobs.get_nowait()
        except queue.Empty:
            return jobs, False
        if job is None:
            return jobs, True
        self._jobs.put(job)
        return jobs, False

    def _write(self, database: sqlite.Database, jobs: list[Job]) -> list[Any]:
        outcomes: list[Any] = []
        try:
            database.execute("begin immediate")
            for job in jobs:
                try:
                    outcomes.append(job.work(database))
                except StoreError as error:
                    outcomes.append(error)
            database.execute("commit")
            for job in jobs:
                if job.after is not None:
                    job.after(database)
        except Exception as error:  # noqa: BLE001  whatever it was, nothing of the batch may be acknowledged
            self._undo(database)
            refused = StoreUnavailableError(f"the store could not write: {error}")
            refused.__cause__ = error
            return [outcome if isinstance(outcome, StoreError) else refused for outcome in outcomes] + [refused] * (
                len(jobs) - len(outcomes)
            )
        self.batches += 1
        return outcomes

    def _undo(self, database: sqlite.Database) -> None:
        self._rolled_back()
        if not database.getautocommit():
            database.execute("rollback")

    def _try_follow(self, database: sqlite.Database) -> bool:
        """Let the followers take a step; True if they are still behind. A full disk must not end the thread."""
        try:
            with database:
                return bool(self._follow(database))
        except sqlite.Error:
            return False

    def _tell(self, jobs: list[Job], outcomes: list[Any]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._resolve, jobs, outcomes)

    def _resolve(self, jobs: list[Job], outcomes: list[Any]) -> None:
        self._waiting -= len(jobs)
        for job, outcome in zip(jobs, outcomes, strict=True):
            if job.future.done():
                continue
            if isinstance(outcome, StoreError):
                job.future.set_exception(outcome)
            else:
                job.future.set_result(outcome)

"""The writer thread: everything that waits at a moment goes into one transaction, and is told so together.

There is no batching window: the batch is whatever arrived during the last commit.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from chatsession import sqlite
from chatsession.store import StoreBusyError, StoreError, StoreUnavailableError
from chatsession.stores.sqlite.chores import Chores

QUEUE_MAX = 10_000
BATCH_MAX = 1_024

Result = TypeVar("Result")
Work = Callable[[sqlite.Database, bool], Any]
"""What is to be done in the transaction; True says that it must be sure, for a first attempt has failed."""


class Job:
    """One unit of work: all of it is in the transaction or nothing.

    The work raises a StoreError before its first write, or not at all.
    """

    __slots__ = ("future", "scrubs", "work")

    def __init__(self, future: "asyncio.Future[Any]", work: Work, scrubs: bool) -> None:
        self.future = future
        self.work = work
        self.scrubs = scrubs


class Writer:
    """Owns the writing connection and its thread."""

    def __init__(
        self, *, settle: Callable[[sqlite.Database], None], rolled_back: Callable[[], None], chores: Chores
    ) -> None:
        self._settle = settle
        self._rolled_back = rolled_back
        self._chores = chores
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._waiting = 0
        self.batches = 0

    def start(self, log: sqlite.Log) -> None:
        """Begin to write, for the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(
            target=self._run, args=(log, self._loop), name="chatsession-writer", daemon=True
        )
        self._thread.start()

    async def run(self, work: Callable[[sqlite.Database], Result], *, scrubs: bool = False) -> Result:
        """Return the work's result once it is on the disk. A caller that is cancelled does not stop the work.

        `scrubs` says that something was removed: then the log is emptied before the result is told.
        """
        return await self.submit(lambda database, _: work(database), scrubs=scrubs)

    def submit(
        self, work: Callable[[sqlite.Database, bool], Result], *, scrubs: bool = False
    ) -> "asyncio.Future[Result]":
        """The same for work that is done quickly first, and surely where that failed; it is in the queue already."""
        if self._loop is None:
            raise StoreUnavailableError("the store is closed")
        if self._waiting >= QUEUE_MAX:
            raise StoreBusyError(f"{QUEUE_MAX} writes are waiting already")
        future: asyncio.Future[Result] = self._loop.create_future()
        self._waiting += 1
        self._jobs.put(Job(future, work, scrubs))
        return future

    async def stop(self) -> None:
        """Finish what waits, then end."""
        thread, self._loop, self._thread = self._thread, None, None
        if thread is not None:
            self._jobs.put(None)
            await asyncio.to_thread(thread.join)

    def _run(self, log: sqlite.Log, loop: asyncio.AbstractEventLoop) -> None:
        self._chores.begin()
        ending = False
        while not ending:
            jobs, ending = self._next()
            if jobs:
                outcomes = self._write(log.database, jobs)
                self._chores.wrote(log, scrubs=any(job.scrubs for job in jobs))
                _tell(loop, self._resolve, jobs, outcomes)
            self._chores.do(log, len(jobs))
        self._chores.finish(log)
        log.close()

    def _next(self) -> tuple[list[Job], bool]:
        """What waits now, and whether that was the last; without anything it waits itself, as long as chores allow."""
        jobs: list[Job] = []
        with suppress(queue.Empty):
            job = self._jobs.get(timeout=self._chores.patience)
            while job is not None:
                jobs.append(job)
                if len(jobs) == BATCH_MAX:
                    return jobs, False
                job = self._jobs.get_nowait()
            return jobs, True
        return jobs, False

    def _write(self, database: sqlite.Database, jobs: list[Job]) -> list[Any]:
        """All of them in one transaction; where one cannot be written the others are, each kept apart from the rest."""
        try:
            try:
                return self._commit(database, jobs, _plainly)
            except sqlite.DISK_TROUBLE:
                raise
            except Exception:  # noqa: BLE001  whatever it was, it is one job's; the next line finds out whose
                return self._commit(database, jobs, self._apart)
        except Exception as error:  # noqa: BLE001  nothing of the batch may be acknowledged, and the thread must live on
            refused = StoreUnavailableError(f"the store could not write: {error}")
            refused.__cause__ = error
            return [refused] * len(jobs)

    def _commit(
        self, database: sqlite.Database, jobs: list[Job], one: Callable[[sqlite.Database, Job], Any]
    ) -> list[Any]:
        try:
            with sqlite.transaction(database):
                outcomes = [one(database, job) for job in jobs]
                self._settle(database)
        except BaseException:
            self._rolled_back()
            raise
        self.batches += 1
        return outcomes

    def _apart(self, database: sqlite.Database, job: Job) -> Any:
        database.execute("savepoint job")
        try:
            outcome = _plainly(database, job, sure=True)
            self._settle(database)
        except sqlite.DISK_TROUBLE:
            raise
        except Exception as error:  # noqa: BLE001  its own fault, whatever it is
            database.execute("rollback to job")
            self._rolled_back()
            outcome = StoreError(f"this could not be written: {error}")
            outcome.__cause__ = error
        database.execute("release job")
        return outcome

    def _resolve(self, jobs: list[Job], outcomes: list[Any]) -> None:
        self._waiting -= len(jobs)
        for job, outcome in zip(jobs, outcomes, strict=True):
            if job.future.done():
                continue
            if isinstance(outcome, StoreError):
                job.future.set_exception(outcome)
            else:
                job.future.set_result(outcome)


def _plainly(database: sqlite.Database, job: Job, *, sure: bool = False) -> Any:
    try:
        return job.work(database, sure)
    except StoreError as error:
        return error


def _tell(
    loop: asyncio.AbstractEventLoop,
    resolve: Callable[[list[Job], list[Any]], None],
    jobs: list[Job],
    outcomes: list[Any],
) -> None:
    # The loop may be gone before its last writes are done: then nobody is left to be told.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(resolve, jobs, outcomes)

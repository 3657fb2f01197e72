"""Real processes beside the test: they do one thing, tell about it over a pipe, and can be killed."""

import asyncio
import contextlib
import multiprocessing
import os
import select
import shutil
import signal
import tempfile
from pathlib import Path

# Forked from a small process that has imported everything and has no threads: a child takes milliseconds.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["stores.children"])
DEADLINE_SECONDS = 60


class Tell:
    """The child's end: each line is on its way before the next statement runs."""

    def __init__(self, told, ended):
        self._told, self._ended = told, ended

    def __call__(self, line: str) -> None:
        os.write(self._told.fileno(), line.encode() + b"\n")

    async def until_the_end(self) -> None:
        """Stay until the test lets go."""
        await asyncio.to_thread(self._ended.poll, None)


class Child:
    """One process that runs `work(tell, *arguments)`; it is gone when the block ends."""

    def __init__(self, work, *arguments):
        self._heard, told = CONTEXT.Pipe(duplex=False)
        ended, self._end = CONTEXT.Pipe(duplex=False)
        self._process = CONTEXT.Process(target=_run, args=(work, Tell(told, ended), arguments), daemon=True)
        self._process.start()
        told.close()
        ended.close()
        self._rest = b""

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._end.close()
        self._process.join(DEADLINE_SECONDS)
        self._process.kill()
        self._process.join()
        self._heard.close()

    def hear(self, expected: str | None = None) -> str:
        """The next line; it must be the expected one."""
        line = next(self.lines(), None)
        assert line is not None, "the process ended without a word"
        assert expected in (None, line), line
        return line

    def lines(self):
        """Every line to the end, as they come; a line cut off by a kill was never said."""
        while True:
            while b"\n" in self._rest:
                line, self._rest = self._rest.split(b"\n", 1)
                yield line.decode()
            ready, _, _ = select.select([self._heard.fileno()], [], [], DEADLINE_SECONDS)
            assert ready, "the process said nothing"
            more = os.read(self._heard.fileno(), 65_536)
            if not more:
                return
            self._rest += more

    def kill(self) -> None:
        """End it as a power cut would: no last words."""
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join()


@contextlib.contextmanager
def open_folder():
    """A folder that others can look into, unlike the ones of tests."""
    folder = Path(tempfile.mkdtemp(prefix="chats-"))
    folder.chmod(0o777)
    try:
        yield folder
    finally:
        folder.chmod(0o777)
        shutil.rmtree(folder)


def _run(work, tell, arguments):
    asyncio.run(work(tell, *arguments))

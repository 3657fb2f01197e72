"""The columns of the table, and the process each of them lives in."""

import json
import os
import subprocess
import sys
import venv
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

HERE = Path(__file__).parent
CACHE = HERE.parent.parent / ".bench" / "stores"


@dataclass(frozen=True)
class Peer:
    """One column: what it is called, what it needs, and what it is spared because it would take minutes."""

    name: str
    column: str
    packages: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    every: int = 1
    """It takes part in the first of so many rounds."""


STORE = Peer("chatsession, store", "columns.ours:OursPrepared")
RULES = Peer("chatsession, rules and store", "columns.ours:Ours", spared=("growth", "resume"), every=3)
COLD = Peer("chatsession, nothing at hand", "columns.ours:OursCold", every=3)
OPENAI = Peer("OpenAI SQLiteSession", "columns.openai_agents:OpenAISession", ("openai-agents",))
LANGGRAPH = Peer(
    "LangGraph AsyncSqliteSaver",
    "columns.langgraph_saver:LangGraphSaver",
    ("langgraph", "langgraph-checkpoint-sqlite", "aiosqlite"),
    every=3,
)
ADK = Peer(
    "ADK DatabaseSessionService",
    "columns.google_adk:AdkDatabase",
    ("google-adk[db]", "aiosqlite"),
    spared=("growth",),
    every=3,
)


@dataclass
class Worker:
    """The process of a column."""

    peer: Peer
    process: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Start it, and wait until everything is imported."""
        command = [str(python_for(self.peer)), "worker.py", self.peer.column]
        # Bytecode is kept, or every start would compile the peers' packages anew.
        surroundings = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
        self.process = subprocess.Popen(
            command, cwd=HERE, env=surroundings, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.line() == "ready", self.peer.name

    def ask(self, work: str, folder: Path, **job: Any) -> Any:
        """Have a job done."""
        self.send(work, folder, **job)
        return json.loads(self.line())

    def send(self, work: str, folder: Path, **job: Any) -> None:
        """Begin a job."""
        print(json.dumps({"work": work, "folder": str(folder), **job}), file=self.process.stdin, flush=True)

    def line(self) -> str:
        """The next line it says."""
        line = self.process.stdout.readline()
        assert line.endswith("\n"), f"{self.peer.name} has ended"
        return line.rstrip("\n")

    def heard_until_killed(self, lines_max: int, seconds: float) -> list[str]:
        """What it said until it was ended as by a power cut; a line that was cut off was never said."""
        heard = [self.line() + "\n"]
        end = Timer(seconds, self.process.kill)
        end.start()
        for line in self.process.stdout:
            heard.append(line)
            if len(heard) == lines_max:
                self.process.kill()
        end.cancel()
        self.process.wait()
        return [line for line in heard if line.endswith("\n")]

    def end(self) -> None:
        """Let it go."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def python_for(peer: Peer) -> Path:
    """The interpreter of a column; peers have an environment of their own, made at the first run."""
    if not peer.packages:
        return Path(sys.executable)
    home = CACHE / "environments" / peer.packages[0].partition("[")[0]
    python = home / "bin" / "python"
    if not (home / "complete").exists():
        venv.create(home, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *peer.packages], check=True)
        (home / "complete").touch()
    return python


def versions(peer: Peer) -> str:
    """What of a peer is measured."""
    names = [package.partition("[")[0] for package in peer.packages]
    code = f"from importlib.metadata import version; print(', '.join(f'{{n}} {{version(n)}}' for n in {names!r}))"
    return subprocess.run([python_for(peer), "-c", code], check=True, text=True, capture_output=True).stdout.strip()

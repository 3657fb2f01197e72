"""The simulation sees what it is there to see: a bug planted in one line is caught by the promise that it breaks."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from chatsession.simulation.checks.violations import Invariant

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "chatsession"
MUTANTS = tomllib.loads((Path(__file__).parent / "mutants.toml").read_text())["mutant"]
SESSIONS_MAX = 10_000
WITHOUT = {"calm"}
"""No promise of the design: that nothing else breaks."""
SIMULATE = f"""
import json, sys
from chatsession.simulation import run
from chatsession.simulation.run import jobs_of
seen = []
for _, world, _ in jobs_of(7, {SESSIONS_MAX}):
    report = run(7, {SESSIONS_MAX}, only_world=world)
    seen += [broken.violation.invariant for broken in report.violations]
    if sys.argv[1] in seen:
        break
print(json.dumps(seen))
"""

every_mutant = pytest.mark.parametrize("mutant", MUTANTS, ids=[each["name"].replace(" ", "-") for each in MUTANTS])


def test_every_promise_has_a_mutant():
    assert {mutant["invariant"] for mutant in MUTANTS} == set(get_args(Invariant)) - WITHOUT


@every_mutant
def test_the_line_to_be_broken_is_there_once(mutant):
    lines = (SOURCE / mutant["file"]).read_text().splitlines()

    assert lines.count(mutant["old"]) == 1


@pytest.mark.slow
@every_mutant
def test_the_bug_is_caught_by_its_promise(mutant, tmp_path):
    broken = planted(mutant, tmp_path)

    assert mutant["invariant"] in seen_broken(broken, mutant["invariant"])


def planted(mutant, folder: Path) -> Path:
    """A copy of the source in which one line says something else."""
    shutil.copytree(SOURCE, folder / "chatsession", ignore=shutil.ignore_patterns("__pycache__"))
    file = folder / "chatsession" / mutant["file"]
    lines = file.read_text().splitlines()
    lines[lines.index(mutant["old"])] = mutant["new"]
    file.write_text("\n".join(lines) + "\n")
    return folder


def seen_broken(folder: Path, promise: str) -> list[str]:
    """Which promises were seen broken, world by world, until this one was."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", SIMULATE, promise]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=True)
    return json.loads(done.stdout)

"""Runs of the simulation: every promise holds, and the seed alone decides what happens."""

import json
import os
import subprocess
import sys

import msgspec
import pytest

from chatsession.simulation import run
from chatsession.simulation.checks.violations import Violation
from chatsession.simulation.life import live
from chatsession.simulation.report import Broken

DIGEST = """
import json, sys
from chatsession.simulation import run
if __name__ == "__main__":
    report = run(11, 75, workers=int(sys.argv[1]))
    print(json.dumps([report.digest, report.sessions, report.events]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_promise_holds_whatever_goes_wrong(seed):
    report = run(seed, 700)

    assert report.violations == [], "\n".join(report.lines())


def test_the_same_seed_gives_the_same_digest_whatever_the_hash_seed_and_the_workers(tmp_path):
    program = tmp_path / "digest.py"
    program.write_text(DIGEST)

    digests = [digest(program, hash_seed, workers) for hash_seed, workers in (("0", 1), ("1", 1), ("2", 2))]

    assert digests[0] == digests[1] == digests[2]


def digest(program, hash_seed, workers):
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, str(program), str(workers)]
    return json.loads(subprocess.run(command, env=environment, capture_output=True, check=True, timeout=120).stdout)


def test_another_seed_is_another_run():
    assert run(4, 25).digest != run(5, 25).digest


def test_one_world_can_be_lived_through_again():
    whole = [live(6, number, 25) for number in range(3)]

    again = run(6, 75, only_world=2)

    assert (again.worlds, again.events, again.sessions) == (1, whole[2].events, whole[2].sessions)


def test_progress_is_told_in_sessions():
    told = []

    report = run(8, 60, progress=told.append)

    assert told == sorted(told)
    assert told[-1] == report.sessions >= 60


def test_a_broken_promise_is_told_with_the_seed_and_the_world_that_show_it_again():
    report = run(9, 25)
    violation = Violation("I6", "warned too early", "ses_1", ('{"type":"session_warned"}',))

    broken = msgspec.structs.replace(report, violations=[Broken(world=3, violation=violation)])

    told = "\n".join(broken.lines())
    assert "I6 broken in world 3 of seed 9: warned too early" in told
    assert '{"type":"session_warned"}' in told
    assert "chatsession simulate --seed 9 --sessions 25 --only-world 3" in told
    assert not broken.is_clean

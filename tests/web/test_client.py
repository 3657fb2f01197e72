"""The client's own tests: of each part by itself, and of the whole against a server that they start and kill."""

import sys

import pytest
from web.node import run

VITEST = "vitest/vitest.mjs"

pytestmark = [pytest.mark.slow, pytest.mark.long]


def test_each_part_of_the_client_keeps_its_promises():
    done = run(VITEST, "run")

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_client_keeps_a_chat_alive_against_the_real_server():
    done = run(VITEST, "run", "--config", "vite.served.config.ts", PYTHON=sys.executable)

    assert done.returncode == 0, done.stdout + done.stderr

"""The client's types are the server's types now."""

import subprocess
import sys
from pathlib import Path

import msgspec

from chatsession.core.events import EVENT_TYPES
from chatsession.core.refusals import TITLES

ROOT = Path(__file__).parents[2]
GENERATE = ROOT / "web" / "generate_wire.py"
WIRE = ROOT / "web" / "client" / "wire.ts"


def generated(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, check=False)


def test_the_clients_types_are_up_to_date():
    checked = generated(GENERATE, "--check")

    assert checked.returncode == 0, checked.stderr


def test_types_that_are_out_of_date_are_noticed(tmp_path):
    """In a copy: the check must be able to fail."""
    (tmp_path / "client").mkdir()
    script = tmp_path / "generate_wire.py"
    script.write_text(GENERATE.read_text())
    (tmp_path / "client" / "wire.ts").write_text(WIRE.read_text().replace("session_opened", "session_begun"))

    stale = generated(script, "--check")
    generated(script)
    fresh = generated(script, "--check")

    assert (stale.returncode, fresh.returncode) == (1, 0)
    assert "wire.ts" in stale.stderr


def test_every_event_and_every_code_is_known_to_the_client():
    text = WIRE.read_text()

    for name in [*EVENT_TYPES, "hidden"]:
        assert f"type: {msgspec.json.encode(name).decode()};" in text
    for code in TITLES:
        assert f'  | "{code}"' in text

"""The generated parts of the documentation are what the code says now."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [*(ROOT / "docs").rglob("*.md")]


def test_every_page_is_up_to_date():
    checked = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check"], capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stderr


def test_every_table_and_diagram_is_on_a_page():
    text = "\n".join(page.read_text() for page in PAGES)

    for part in ("commands", "phases", "floors", "events", "codes", "knobs"):
        assert text.count(f"<!-- generated: {part} -->") == 1
    assert text.count("<!-- generated:") == text.count("<!-- end -->")


def test_a_page_that_is_out_of_date_is_named(tmp_path):
    """In a copy: the check must be able to fail."""
    docs = tmp_path / "docs"
    docs.mkdir()
    for script in ("generate.py", "knobs.py"):
        (docs / script).write_text((ROOT / "docs" / script).read_text())
    (docs / "old.md").write_text("<!-- generated: codes -->\nnothing any more\n<!-- end -->\n")

    command = [sys.executable, docs / "generate.py"]
    stale = subprocess.run([*command, "--check"], capture_output=True, text=True, check=False)
    subprocess.run(command, check=True)
    fresh = subprocess.run([*command, "--check"], capture_output=True, text=True, check=False)

    assert (stale.returncode, fresh.returncode) == (1, 0)
    assert "old.md" in stale.stderr
    assert "`session_closed`" in (docs / "old.md").read_text()

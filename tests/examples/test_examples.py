"""Every example runs and prints what it says it prints."""

import ast
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").rglob("*.py"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_it_says(example, tmp_path):
    said = ast.get_docstring(ast.parse(example.read_text())) or ""
    promised = textwrap.dedent(said.split("Prints:\n", 1)[1]).strip()

    ran = subprocess.run(
        [sys.executable, str(example)], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )

    assert (ran.stderr, ran.stdout.strip()) == ("", promised)


def test_every_row_of_the_page_about_sessions_has_its_example():
    page = (ROOT / "docs" / "what-a-chat-session-is.md").read_text()

    named = {word for word in page.split("`") if word.endswith(".py")}

    assert named == {path.name for path in (ROOT / "examples" / "what_is_a_session").iterdir() if path.suffix == ".py"}


def test_the_ten_lines_of_the_readme_are_the_example():
    code = (ROOT / "README.md").read_text().split("```python\n", 1)[1].split("```", 1)[0]

    example = (ROOT / "examples" / "bot_in_ten_lines.py").read_text()

    for line in code.splitlines():
        assert line in example.splitlines()

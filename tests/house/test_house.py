"""The house's own rules: sizes, names, sentences, and no page that promises what the code does not have."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 40
README_LINES_MAX = 120
DECISION_LINES_MAX = 40
ROOT_ENTRIES_MAX = 20
NAMELESS = re.compile(r"(^|_)(utils?|helpers?|common|misc|base|manager|handler2)(_|$)")

LONG_FILES = {
    "core/events.py": "every event in one place is what a reader looks for",
    "store.py": "the contract of a store is one thing",
}


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT / "src" / "chatsession").as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_is_short_enough_to_be_read(path):
    lines = len(path.read_text().splitlines())

    assert lines <= FILE_LINES_MAX or name_of(path) in LONG_FILES, f"{lines} lines"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_function_says_one_thing(path):
    long = {
        each.name: each.end_lineno - each.lineno + 1
        for each in functions(path)
        if each.end_lineno and each.end_lineno - each.lineno + 1 > FUNCTION_LINES_MAX and each.name != "__init__"
    }

    assert long == {}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_has_a_name_and_says_what_it_is(path):
    assert not NAMELESS.search(path.stem)
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_exceptions_for_long_files_are_still_needed():
    for name in LONG_FILES:
        assert len((ROOT / "src" / "chatsession" / name).read_text().splitlines()) > FILE_LINES_MAX


def test_the_readme_and_the_decisions_are_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= README_LINES_MAX
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        assert len(path.read_text().splitlines()) <= DECISION_LINES_MAX, path.name


def test_every_lint_exception_has_its_reason():
    for path in SOURCES:
        before = ""
        for line in path.read_text().splitlines():
            # One reason serves for exceptions on lines that follow each other.
            excused = re.search(r"# noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*  \S", line) or "# noqa" in before
            assert "# noqa" not in line or excused, f"{name_of(path)}: {line.strip()}"
            before = line


def test_links_between_pages_lead_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_core_needs_msgspec_alone():
    imported = set()
    for path in (ROOT / "src" / "chatsession" / "core").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {each.name.split(".")[0] for each in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])

    assert imported - set(sys.stdlib_module_names) == {"chatsession", "msgspec"}


def test_the_changelog_knows_the_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    assert f"## {version} " in (ROOT / "CHANGELOG.md").read_text()

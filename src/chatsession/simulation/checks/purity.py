"""I1: the rules do no input or output, never ask the time, and import nothing that could."""

import ast
from collections.abc import Iterator
from pathlib import Path

import chatsession.core

ALLOWED = frozenset(
    [
        "base64",
        "binascii",
        "chatsession",
        "collections",
        "dataclasses",
        "datetime",
        "difflib",
        "enum",
        "functools",
        "hashlib",
        "itertools",
        "math",
        "msgspec",
        "operator",
        "re",
        "typing",
        "unicodedata",
    ]
)
"""Whatever of the standard library is a function of its arguments."""
ASKING = frozenset(("now", "utcnow", "today", "fromtimestamp", "open", "input", "print", "__import__"))
"""Calls that ask the world."""


def impurities() -> list[str]:
    """Every place in the core that could do more than compute."""
    root = Path(chatsession.core.__file__).parent
    return [
        f"{path.relative_to(root)}:{line}: {what}"
        for path in sorted(root.rglob("*.py"))
        for line, what in impure(ast.parse(path.read_text(encoding="utf-8")))
    ]


def impure(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The lines of a module that could do more than compute, and what they do."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, f"imports {each.name}") for each in names if _is_foreign(each.name))
            case ast.ImportFrom(module=str(name)) if _is_foreign(name):
                yield node.lineno, f"imports {name}"
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in ASKING:
                yield node.lineno, f"asks the world by {name}()"
            case ast.AsyncFunctionDef() | ast.Await():
                yield node.lineno, "waits for something"
            case _:
                pass


def _is_foreign(name: str) -> bool:
    first, _, rest = name.partition(".")
    return first not in ALLOWED or (first == "chatsession" and not rest.startswith("core"))

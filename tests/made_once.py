"""What is made once for all processes of a run of tests, by whichever asks for it first."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path


def once(basetemp: Path, name: str, make: Callable[[Path], object]) -> Path:
    """The folder of that name, which `make` fills; `basetemp` is `tmp_path_factory.getbasetemp()` of any process."""
    run = basetemp.parent if "PYTEST_XDIST_WORKER" in os.environ else basetemp
    folder, unfinished = run / name, run / f"{name}.unfinished"
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            make(unfinished)
            unfinished.rename(folder)
    return folder

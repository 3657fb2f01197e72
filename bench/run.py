"""Runs every benchmark, one after the other, and prints their tables: `python bench/run.py [--quick] [NAME …]`.

Names are those of the folders. README.md says what each measures, how, and what is missed.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
PROGRAMS = {
    "core": HERE / "core" / "commands.py",
    "stores": HERE / "stores" / "run.py",
    "sockets": HERE / "sockets" / "run.py",
    "timers": HERE / "timers" / "run.py",
    "widget": HERE / "widget" / "run.py",
}
HAVE_QUICK = frozenset(("stores", "sockets", "timers", "widget"))


def main() -> int:
    """Run what is asked for; the exit code says whether all of it ran."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PROGRAMS)}; all by default")
    parser.add_argument("--quick", action="store_true", help="a first impression in a few minutes")
    asked = parser.parse_args()
    unknown = set(asked.names) - PROGRAMS.keys()
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(PROGRAMS)}")
    failed = []
    for name in asked.names or PROGRAMS:
        print(f"\n# {name}\n", flush=True)
        started = time.monotonic()
        quick = ["--quick"] if asked.quick and name in HAVE_QUICK else []
        if subprocess.run([sys.executable, str(PROGRAMS[name]), *quick], check=False).returncode != 0:
            failed.append(name)
        print(f"\n({name}: {time.monotonic() - started:.0f} s)", flush=True)
    if failed:
        print(f"did not run to their end: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

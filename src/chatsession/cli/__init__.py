"""The command line: `chatsession --help`."""

import sys


def main() -> None:
    """Run one command; every way it can end has its exit code, and no way ends in a stack trace."""
    from chatsession.cli.app import app  # noqa: PLC0415  what is not needed is not loaded
    from chatsession.cli.failing import told  # noqa: PLC0415  the same

    try:
        app(sys.argv[1:])
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  the last place that can put it into words
        sys.exit(told(error))

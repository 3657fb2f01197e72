"""How a command fails: one sentence a stranger can act on, a stable code, an exit code.

0   done
1   done, and something was found: a broken promise (`simulate`), a problem (`doctor`)
2   wrong use: an option, a settings file, a bot that cannot be loaded
3   not possible now: data in use, no server there, no such session, a disk that is full
70  our fault; CHATSESSION_DEBUG=1 shows where
130 interrupted
"""

import os
import sys
import traceback

FOUND, WRONG_USE, NOT_NOW, OUR_FAULT, INTERRUPTED = 1, 2, 3, 70, 130
DEBUG = "CHATSESSION_DEBUG"


class CommandError(Exception):
    """The command cannot do what it was asked; `code` is stable, the text is one sentence."""

    def __init__(self, code: str, sentence: str, *, exits: int = NOT_NOW) -> None:
        super().__init__(sentence)
        self.code = code
        self.exits = exits


def told(error: BaseException) -> int:
    """Say on standard error what went wrong; the exit code."""
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has left, as `head` does; what is still buffered must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    code, sentence, exits = _in_words(error)
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    print(f"chatsession: {sentence} ({code})", file=sys.stderr)  # noqa: T201  a command's output
    return exits


def _in_words(error: BaseException) -> tuple[str, str, int]:
    from chatsession.bots.loading import BotNotUsableError  # noqa: PLC0415  only who fails pays for it
    from chatsession.files import FilesError  # noqa: PLC0415
    from chatsession.runtime.refused import RefusedError  # noqa: PLC0415
    from chatsession.settings import SettingsError  # noqa: PLC0415
    from chatsession.sqlite import UnfitSqliteError  # noqa: PLC0415
    from chatsession.store import LockedError, NewerVersionError, StoreError  # noqa: PLC0415
    from chatsession.stores.sqlite import CopyError  # noqa: PLC0415

    match error:
        case CommandError():
            return error.code, str(error), error.exits
        case SettingsError():
            return error.code, str(error), WRONG_USE
        case BotNotUsableError():
            return "bot_not_usable", str(error), WRONG_USE
        case RefusedError():
            return error.refusal.code, str(error), NOT_NOW
        case LockedError():
            return "data_in_use", str(error), NOT_NOW
        case NewerVersionError():
            return "newer_version", str(error), NOT_NOW
        case CopyError():
            return "not_copied", str(error), NOT_NOW
        case StoreError() | UnfitSqliteError() | FilesError():
            return "store_unavailable", str(error), NOT_NOW
        case OSError():
            return "not_possible", f"{error.filename or 'the system'}: {error.strerror or error}", NOT_NOW
        case _:
            return (
                "internal_error",
                f"something unexpected happened ({type(error).__name__}: {error}); {DEBUG}=1 shows where",
                OUR_FAULT,
            )

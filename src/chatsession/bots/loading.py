"""Your bot from its place: `bot.py:bot` in a file, or `package.module:bot`."""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from chatsession.bot import Bot
from chatsession.bots.function import as_bot


class BotNotUsableError(Exception):
    """The bot cannot be used as it is; the text says why and what to change."""


def bot_at(target: str) -> Bot:
    """The bot at `place:name`; raise BotNotUsableError where there is none, or something that is no bot."""
    place, _, name = target.rpartition(":")
    module = _file(Path(place)) if place.endswith(".py") else _module(place)
    found = getattr(module, name, None)
    if found is None:
        names = ", ".join(key for key in vars(module) if not key.startswith("_")) or "nothing"
        raise BotNotUsableError(f"there is no {name!r} in {place}; it has {names}")
    try:
        return as_bot(found)
    except TypeError as error:
        raise BotNotUsableError(f"{target}: {error}") from None


def _file(path: Path) -> ModuleType:
    if not path.is_file():
        raise BotNotUsableError(f"there is no file {path}; `chatsession init` writes a bot.py to start from")
    # What lies beside the bot's file can be imported by it, as if it were run.
    folder = str(path.parent.resolve())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    # A name of its own: a bot in random.py must not stand in for the library's.
    name = f"chatsession_bot_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BotNotUsableError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        sys.modules.pop(name, None)
        raise BotNotUsableError(f"{path} cannot be loaded: {_where(error, path)}") from error
    return module


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise BotNotUsableError(f"{name} cannot be imported: {type(error).__name__}: {error}") from error


def _where(error: Exception, path: Path) -> str:
    """What the file raised, and on which of its lines."""
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {error.msg}"
    line, step = None, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == str(path):
            line = step.tb_lineno
        step = step.tb_next
    return f"line {line}: {type(error).__name__}: {error}"

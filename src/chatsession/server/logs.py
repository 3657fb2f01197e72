"""Logs as lines of JSON, with the fields we name and no others: what people write never gets into them."""

import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

import msgspec

from chatsession.tracing import LOG_FIELDS

LOGGERS = ("chatsession", "uvicorn.error")
FRAMES_MAX = 20


def log_to(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Write the service's and the server's log to a stream, the standard error by default."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False


class JsonLines(logging.Formatter):
    """One record, one line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's time, level, event and known fields; of an exception its kind and where it came from."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        for name in LOG_FIELDS:
            value = getattr(record, name, None)
            if value is not None:
                line[name] = value
        if record.exc_info is not None and record.exc_info[0] is not None:
            # Not its words: they may quote what somebody wrote.
            line |= {"error": record.exc_info[0].__name__, "where": _where(record.exc_info[2])}
        return msgspec.json.encode(line, enc_hook=str).decode()


def _where(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-FRAMES_MAX:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]

"""Lines in a stream of bytes."""

from chatsession.bot import BotError

LINE_BYTES_MAX = 1024 * 1024


class Lines:
    """Cuts a stream into lines, however the network has cut it; refuses an endless line, and what is no UTF-8."""

    def __init__(self, bytes_max: int = LINE_BYTES_MAX) -> None:
        self._rest = b""
        self._bytes_max = bytes_max

    def feed(self, data: bytes) -> list[str]:
        """The lines that are whole now."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        if max(map(len, (*whole, self._rest))) > self._bytes_max:
            raise BotError("too_long", f"one line of the stream has more than {self._bytes_max} bytes")
        try:
            return [line.removesuffix(b"\r").decode() for line in whole]
        except UnicodeDecodeError:
            raise BotError("malformed", "the stream is not UTF-8") from None

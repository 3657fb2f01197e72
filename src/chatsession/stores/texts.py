"""What full-text search reads of an event: the text of messages, nothing else."""

import msgspec


class Said(msgspec.Struct):
    """The two fields search is about; events of newer versions are tolerated."""

    type: str
    text: str = ""


_said = msgspec.json.Decoder(Said)
_MESSAGE = b'"message_posted"'


def text_of(frame: bytes) -> str | None:
    """The text of a stored message; None for any other event and for an empty one."""
    # Most events are no messages: this is cheaper than decoding them to find out.
    if _MESSAGE not in frame:
        return None
    said = _said.decode(frame)
    return said.text or None if said.type == "message_posted" else None

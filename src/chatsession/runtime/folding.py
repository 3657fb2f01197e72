"""Folding a long list without keeping everybody else waiting."""

import asyncio
from collections.abc import Sequence

from chatsession.core.apply import fold
from chatsession.core.session import Session

FRAMES_EACH = 500
"""Folded without a pause: a few milliseconds. After a snapshot there are hardly ever more."""


async def folded(frames: Sequence[bytes], session: Session | None = None) -> Session | None:
    """The same as `fold`, giving way after so many frames."""
    for begin in range(0, len(frames), FRAMES_EACH):
        if begin:
            await asyncio.sleep(0)
        session = fold(frames[begin : begin + FRAMES_EACH], session)
        if session is None or session.unknown_from is not None:
            return session
    return session

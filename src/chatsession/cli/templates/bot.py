"""Your bot: it takes a turn and returns its answer, or yields it piece by piece."""

from chatsession import TurnInput


async def bot(turn: TurnInput) -> str:
    """Answer what the visitor said."""
    if "order" in turn.context:
        return f"Your order {turn.context['order']} is on its way."
    return f"You said: {turn.text} (This is line {len(turn.lines)} of our chat.)"

"""Turns to ask bots with, and what comes back."""

from chatsession.bot import BotError, Delta, Finished, Line, Span, TurnInput


def turn(text: str = "Where is my parcel?", **more) -> TurnInput:
    """One turn of Ana's, with what she asked as its only line."""
    shown = {
        "session": "ses_1",
        "inbox": "shop",
        "visitor": "vis_ana",
        "turn": 1,
        "attempt": 1,
        "text": text,
        "lines": [Line(role="visitor", text=text, seq=2)] if text else [],
        "context": {},
    }
    return TurnInput(**{**shown, **more})


class Answered:
    """Everything a bot streamed for one turn, and the error it ended with."""

    def __init__(self) -> None:
        self.events = []
        self.error: BotError | None = None

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, Delta))

    @property
    def spans(self) -> list[Span]:
        """As a trace keeps them: the last one of each id."""
        last = {event.id or index: event for index, event in enumerate(self.events) if isinstance(event, Span)}
        return list(last.values())

    @property
    def finished(self) -> Finished:
        return next((event for event in self.events if isinstance(event, Finished)), Finished())

    @property
    def reason(self) -> str | None:
        return self.error and self.error.reason


async def ask(bot, shown: TurnInput | None = None) -> Answered:
    """Let a bot answer to its end."""
    answered = Answered()
    try:
        async for event in bot.answer(shown or turn()):
            answered.events.append(event)
    except BotError as error:
        answered.error = error
    return answered

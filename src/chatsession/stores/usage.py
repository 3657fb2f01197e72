"""What events say about tokens, money and turns, by day."""

from collections.abc import Iterable
from datetime import UTC

from chatsession.core import events as e
from chatsession.core.session import UsageToday


def usage_in(events: Iterable[e.Event]) -> list[tuple[str, UsageToday]]:
    """What the events used, each on a day written 2026-11-23 (UTC)."""
    return [
        (event.at.astimezone(UTC).date().isoformat(), _used(event))
        for event in events
        if isinstance(event, e.TurnOpened | e.UsageCounted)
    ]


def _used(event: e.TurnOpened | e.UsageCounted) -> UsageToday:
    if isinstance(event, e.TurnOpened):
        return _TURN
    usage = event.usage
    return UsageToday(
        tokens=usage.tokens_in + usage.tokens_out,
        cost_microusd=usage.cost_microusd,
        model_calls=usage.model_calls,
    )


_TURN = UsageToday(turns=1)

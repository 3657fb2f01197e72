"""What events say about tokens, money and turns, by day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC

from chatsession.core import events as e
from chatsession.core.session import UsageToday


def usage_in(events: Iterable[e.Event]) -> list[tuple[str, UsageToday]]:
    """What the events used, per day written 2026-11-23 (UTC)."""
    days: dict[str, UsageToday] = defaultdict(UsageToday)
    for event in events:
        match event:
            case e.TurnOpened():
                used = UsageToday(turns=1)
            case e.UsageCounted(usage=usage):
                used = UsageToday(
                    tokens=usage.tokens_in + usage.tokens_out,
                    cost_microusd=usage.cost_microusd,
                    model_calls=usage.model_calls,
                )
            case _:
                continue
        day = event.at.astimezone(UTC).date().isoformat()
        days[day] = days[day].plus(used)
    return list(days.items())

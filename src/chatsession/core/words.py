"""The vocabulary as types: one word per thing, the same in code, events, documentation and screens."""

from typing import Literal

Phase = Literal["open", "closed", "archived"]
Floor = Literal["bot", "queue", "agent"]
WaitingOn = Literal["visitor", "bot", "agent"]
ActorKind = Literal["visitor", "bot", "agent", "key", "clock"]
AuthorKind = Literal["visitor", "bot", "agent"]
Audience = Literal["all", "service"]
Scope = Literal["session", "thread", "visitor"]
Sensitivity = Literal["plain", "pii"]
CloseReason = Literal["timeout", "visitor", "agent", "resolved", "limit", "merged"]
Outcome = Literal["confirmed", "assumed", "unresolved", "abandoned", "empty", "returned"]
WarningReason = Literal["timeout", "limit"]
TurnResult = Literal["answered", "needs_agent", "failed"]
ThreadStatus = Literal["open", "pending", "resolved"]
QueueChoice = Literal["wait", "bot", "leave_message"]
FloorReason = Literal[
    "handoff", "claimed", "transferred", "handed_back", "agent_silent", "gave_up", "visitor_chose_bot", "resumed"
]
SupersededReason = Literal["visitor_wrote", "stopped", "handoff", "closed"]
LimitName = Literal["tokens", "cost_microusd", "turns", "model_calls"]
LimitSpan = Literal["session", "visitor_day", "inbox_day"]
Part = Literal["session", "bot", "agent"]
"""What a feedback is about: the whole session, or the bot's or the agent's part of it."""

"""A synthetic visitor: talks to a running server, misbehaves as networks do, and checks what comes back."""

import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from chatsession.cli.remote import Remote
from chatsession.cli.waiting import surely

TEXTS = (
    "Hello",
    "How long does delivery take?",
    "and to Austria?",
    "Can I send it back?",
    "Do you have it in blue?",
    "Who won the match yesterday?",
    "I want to talk to a person",
    "Thanks, that is all",
)
MESSAGES_MAX = 4
ANSWER_SECONDS = 60.0
WAIT_SECONDS = 10
ENDS = ("turn_answered", "turn_failed", "turn_superseded")


class Report(msgspec.Struct):
    """What all visitors saw together."""

    sessions: int = 0
    messages: int = 0
    repeated: int = 0
    answers: int = 0
    resumed: int = 0
    violations: list[str] = []
    answer_seconds: list[float] = []


class SyntheticVisitor:
    """One visitor with one session; everything it does follows from its seed."""

    def __init__(self, remote: Remote, inbox: str, seed: int, report: Report) -> None:
        self._remote = remote
        self._inbox = inbox
        self._random = random.Random(seed)  # noqa: S311  a seed is the point
        self._name = f"{seed:x}"
        self._report = report
        self._session = ""
        self._acknowledged: dict[str, tuple[int, str]] = {}

    async def live(self) -> None:
        """Come in, talk, perhaps close and come back, and check everything at the end."""
        visitor = await surely(lambda: self._remote.post(f"/v1/inboxes/{self._inbox}/visitors"))
        self._remote.secret = visitor["token"]
        for number in range(self._random.randint(1, MESSAGES_MAX)):
            await self._say(number)
            if self._random.random() < 0.1:  # noqa: PLR2004  one in ten leaves and comes back
                await self._leave_and_return()
        self._report.sessions += 1
        self._check(await self._events())

    async def _say(self, number: int) -> None:
        client_id, text = f"{self._name}-{number}", self._random.choice(TEXTS)
        message = {"text": text, "client_id": client_id}
        began = time.monotonic()
        if number == 0:
            body = {"client_id": client_id, "message": message}
            opened = await surely(lambda: self._remote.post(f"/v1/inboxes/{self._inbox}/sessions", body))
            self._session = opened["id"]
        accepted = await self._post(message)
        if self._random.random() < 0.2:  # noqa: PLR2004  one in five did not hear the answer and asks again
            again = await self._post(message)
            self._report.repeated += 1
            if again != accepted:
                self._violated(f"{client_id} was answered {accepted}, then {again}")
        self._acknowledged[client_id] = (accepted["seq"], text)
        self._report.messages += 1
        if await self._answered(accepted["seq"], began + ANSWER_SECONDS):
            self._report.answers += 1
            self._report.answer_seconds.append(time.monotonic() - began)

    async def _post(self, message: Mapping[str, str]) -> dict[str, Any]:
        return await surely(lambda: self._remote.post(f"/v1/sessions/{self._session}/messages", message))

    async def _answered(self, after: int, until: float) -> bool:
        """Wait until nobody owes an answer; False where a person is waited for."""
        while True:
            view = await surely(lambda: self._remote.get(f"/v1/sessions/{self._session}"))
            if view["waiting_on"] != "bot":
                return view["floor"] == "bot"
            if time.monotonic() > until:
                self._violated(f"seq {after} was not answered within {ANSWER_SECONDS:.0f} s")
                return False
            path = f"/v1/sessions/{self._session}/events"
            after_now: int = view["seq"]
            await surely(lambda: self._remote.get(path, after=after_now, wait=WAIT_SECONDS))  # noqa: B023  called at once

    async def _leave_and_return(self) -> None:
        for action in ("close", "resume"):
            await surely(lambda: self._remote.post(f"/v1/sessions/{self._session}/{action}"))  # noqa: B023  called at once
        self._report.resumed += 1

    async def _events(self) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = []
        after: int | None = 0
        while after is not None:
            path = f"/v1/sessions/{self._session}/events"
            page = await surely(lambda: self._remote.get(path, after=after))  # noqa: B023  called at once
            events.extend(page["events"])
            after = page["next"]
        return events

    def _check(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Every event in its place, every message once, every turn ended."""
        if [event["seq"] for event in events] != list(range(1, len(events) + 1)):
            self._violated("the events have gaps, or are out of order")
        posted = [event for event in events if event["type"] == "message_posted"]
        found = {each["client_id"]: (each["seq"], each["text"]) for each in posted if each.get("client_id")}
        if found != self._acknowledged or len([each for each in posted if each.get("client_id")]) != len(found):
            self._violated(f"acknowledged {self._acknowledged}, stored {found}")
        opened = [event["turn"] for event in events if event["type"] == "turn_opened"]
        ended = [event["turn"] for event in events if event["type"] in ENDS]
        if opened != ended:
            self._violated(f"turns {opened} were opened, {ended} ended")

    def _violated(self, what: str) -> None:
        self._report.violations.append(f"{self._session}: {what}")

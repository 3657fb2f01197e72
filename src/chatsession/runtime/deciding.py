"""Commands that wait for one session are decided in order, each against what the ones before it have changed."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.decide import drafted
from chatsession.core.draft import Draft
from chatsession.core.policy import Policy
from chatsession.core.refusals import Refusal
from chatsession.core.session import Receipt, Session
from chatsession.runtime.committing import append_of, receipts_for
from chatsession.runtime.parts import FORM
from chatsession.runtime.pending import Answer, Pending, doubt
from chatsession.runtime.policies import Policies
from chatsession.runtime.rates import Rates
from chatsession.runtime.refused import RefusedError, rate_limited
from chatsession.store import Append, NewReceipt

NAMING_A_POLICY = (c.AdoptPolicy, c.ResumeSession)
UNDER_A_RATE = (c.PostMessage, c.RetryTurn)


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch came to: an answer or a refusal each, and one append for all of it."""

    answers: list[tuple[Pending, Answer | RefusedError]]
    append: Append | None
    policy: Policy

    def doubted(self) -> bool:
        """Doubt refusals that the store was not asked about: a repetition gets its first answer, not a refusal."""
        doubtful = [
            pending
            for pending, answer in self.answers
            if isinstance(answer, RefusedError) and pending.client_id is not None and not pending.is_doubted
        ]
        doubt(doubtful)
        return bool(doubtful)

    @property
    def expected_seq(self) -> int | None:
        """The seq that was decided on, where there is anything to append."""
        return self.append and self.append.expected_seq


class Decider:
    """Asks the rules, with the right policy and under the message rates."""

    def __init__(self, policies: Policies, rates: Rates) -> None:
        self._policies = policies
        self._rates = rates

    async def get_ready(self, session: Session, batch: Sequence[Pending]) -> None:
        """Fetch the policies that the session and the commands name."""
        for hash_ in {session.policy, *(p.command.policy for p in batch if isinstance(p.command, NAMING_A_POLICY))}:
            await self._policies.of_hash(hash_)

    def decide(self, session: Session, batch: Sequence[Pending], now: datetime, snapshot_seq: int) -> Decided:
        """Decide a batch against a session; nothing is written yet."""
        events: list[e.Event] = []
        receipts: dict[tuple[str, str], Receipt] = {}
        answers: list[tuple[Pending, Answer | RefusedError]] = []
        for pending in batch:
            if receipts:
                self._repetition_within(pending, receipts)
            step = self._one(session, pending, now)
            if isinstance(step, Refusal):
                answers.append((pending, RefusedError(step)))
                continue
            session = step.session
            events += step.events
            for receipt in receipts_for(pending, step.events):
                receipts[receipt.author, receipt.client_id] = receipt.receipt
            answers.append((pending, _answer(session, step.events, pending)))
        policy = self._policies.in_use(session.policy)
        if not events:
            return Decided(answers=answers, append=None, policy=policy)
        append = append_of(
            session,
            events,
            policy,
            snapshot_seq=snapshot_seq,
            receipts=[NewReceipt(*key, receipt) for key, receipt in receipts.items()],
            traces=[pending.trace for pending, answer in answers if pending.trace and isinstance(answer, Answer)],
        )
        return Decided(answers=answers, append=append, policy=policy)

    def _repetition_within(self, pending: Pending, receipts: dict[tuple[str, str], Receipt]) -> None:
        """Two sends of one message, or two answers to one form, may wait side by side, before the store has either."""
        first = receipts.get((pending.author, pending.client_id or ""))
        if first is not None:
            pending.facts = replace(pending.facts, receipt=first)
        if (FORM, pending.facts.form_message) in receipts:
            pending.facts = replace(pending.facts, is_form_answered=True)

    def _one(self, session: Session, pending: Pending, now: datetime) -> Draft | Refusal:
        command = pending.command
        by_visitor = command.actor.kind == "visitor"
        if by_visitor and isinstance(command, UNDER_A_RATE) and pending.facts.receipt is None:
            if not pending.is_admitted and not self._rates.allow(session.visitor, now):
                return rate_limited().refusal
            pending.is_admitted = True
            if isinstance(command, c.PostMessage):
                return self._message(session, command, pending, now)
        wanted = command.policy if isinstance(command, NAMING_A_POLICY) else session.policy
        return drafted(session, command, self._policies.in_use(wanted), now, pending.facts)

    def _message(self, session: Session, command: c.PostMessage, pending: Pending, now: datetime) -> Draft | Refusal:
        """A visitor's message brings the inbox's new policy with it, if that policy says so."""
        policy = self._policies.in_use(session.policy)
        current = self._policies.adopted_with_next_turn(session)
        if current is None:
            return drafted(session, command, policy, now, pending.facts)
        adopt = c.AdoptPolicy(actor=c.CLOCK, policy=current.hash, rule="at_next_turn")
        adopted = drafted(session, adopt, policy, now)
        if isinstance(adopted, Refusal):
            return adopted
        step = drafted(adopted.session, command, current, now, pending.facts)
        if isinstance(step, Draft):
            step.events[:0] = adopted.events
        return step


def digest_of(text: str, parts: Sequence[dict[str, Any]], thread: str | None) -> bytes:
    """What a message said, in 16 bytes: the same client id with another digest is another message."""
    return hashlib.blake2b(msgspec.json.encode([text, parts, thread]), digest_size=16).digest()


def with_actor(command: c.Command, actor: c.Actor) -> c.Command:
    """The command in the name of who really asks, and with its digest where it has a client id."""
    match command:
        case c.PostMessage(client_id=str()):
            digest = digest_of(command.text, command.parts, command.thread)
            return replace(command, actor=actor, digest=digest)
        case c.ResumeSession(client_id=str()):
            return replace(command, actor=actor, digest=digest_of(command.text or "", command.parts, command.thread))
        case _:
            return replace(command, actor=actor)


def _answer(session: Session, events: list[e.Event], pending: Pending) -> Answer:
    receipt = pending.facts.receipt
    if receipt is not None:
        return Answer(session, (), receipt.seq, receipt.message_id, repeated=True)
    for event in events:
        if isinstance(event, e.MessagePosted):
            return Answer(session, tuple(events), event.seq, event.message_id)
    return Answer(session, tuple(events), session.seq)

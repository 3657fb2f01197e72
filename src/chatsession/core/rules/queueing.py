"""The wait for a human: the truth about it, and the choice."""

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.draft import Draft
from chatsession.core.refusals import Refusal
from chatsession.core.rules.floors import pass_floor
from chatsession.core.words import QueueChoice

CHOICES: list[QueueChoice] = ["wait", "bot", "leave_message"]


def nobody_came(draft: Draft) -> None:
    """Offer the choice; after enough offers without an answer the bot gets the floor back."""
    queue = draft.session.queue
    if queue is None:
        return
    if queue.offers >= draft.policy.queue_offers_max:
        _give_up(draft)
        return
    waited = int((draft.now - queue.since).total_seconds())
    draft.add(e.QueueChoiceOffered, offer=queue.offers + 1, waited_seconds=waited, choices=CHOICES)


def answer_offer(draft: Draft, command: c.AnswerQueueOffer) -> Refusal | None:
    """Wait on, go back to the bot, or leave a message that an agent will find."""
    draft.add(e.QueueChoiceMade, choice=command.choice)
    if command.choice == "bot":
        pass_floor(draft, "bot", "visitor_chose_bot", command.actor.label)
    return None


def _give_up(draft: Draft) -> None:
    pass_floor(draft, "bot", "gave_up", "clock")
    draft.add(
        e.MessagePosted,
        message_id=draft.message_id(),
        author=e.Author(kind="bot"),
        text=draft.policy.texts.gave_up,
        thread=draft.session.thread,
    )

"""The visitor's judgement of a session."""

from datetime import timedelta

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core import limits
from chatsession.core.draft import Draft
from chatsession.core.refusals import Refusal, invalid, wrong_state
from chatsession.core.rules.checks import text_refused

SCORE_MIN, SCORE_MAX = 1, 5
CHANGEABLE_FOR = timedelta(hours=24)


def give(draft: Draft, command: c.GiveFeedback) -> Refusal | None:
    """Take the judgement; the last word counts, for 24 hours after the closing."""
    session = draft.session
    if command.score is None and command.solved is None and command.comment is None:
        return invalid("Feedback needs a score, a word on whether it was solved, or a comment.", field="score")
    if command.score is not None and not SCORE_MIN <= command.score <= SCORE_MAX:
        return invalid(f"score must be from {SCORE_MIN} to {SCORE_MAX}.", field="score")
    if command.comment is not None and (refusal := text_refused(command.comment, "comment", limits.COMMENT_CHARS_MAX)):
        return refusal
    if session.closed_at is not None and draft.now > session.closed_at + CHANGEABLE_FOR:
        return wrong_state("Feedback can be given and changed for 24 hours after the chat was closed.")
    draft.add(
        e.FeedbackGiven,
        period=session.period,
        part=command.part,
        score=command.score,
        solved=command.solved,
        comment=command.comment,
    )
    return None

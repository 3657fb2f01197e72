"""The wheel: every deadline comes up once it is due, also one that is set while the wheel turns."""

from cast import NOON, SECOND

from chatsession.runtime.wheel import Wheel


def test_a_deadline_set_while_its_slot_is_being_looked_at_comes_up_next():
    wheel = Wheel(NOON)
    wheel.set("ses_1", NOON + SECOND)

    came_up = []
    for due in wheel.turn(NOON + SECOND):
        came_up += due
        wheel.set("ses_2", NOON)  # Overdue already, as a turn is whose process has died.
    came_up += [session for due in wheel.turn(NOON + 2 * SECOND) for session in due]

    assert came_up == ["ses_1", "ses_2"]
    assert wheel.next_at() is None


def test_a_deadline_that_moved_later_comes_up_later():
    wheel = Wheel(NOON)
    wheel.set("ses_1", NOON + SECOND)
    wheel.set("ses_1", NOON + 3 * SECOND)

    early = [session for due in wheel.turn(NOON + 2 * SECOND) for session in due]
    late = [session for due in wheel.turn(NOON + 3 * SECOND) for session in due]

    assert (early, late) == ([], ["ses_1"])

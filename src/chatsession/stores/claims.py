"""At most one open session for each inbox and visitor, unless the inbox allows several."""

from collections.abc import Collection

from chatsession.store import Append


def claims(one: Append) -> bool:
    """Whether the session is to be the only open one of its inbox and visitor."""
    return one.exclusive and one.session.phase == "open"


def rivals(one: Append, together: Collection[Append], holders: Collection[str]) -> set[str]:
    """Other sessions that would have the same claim once all appends of one call are written."""
    place = (one.session.inbox, one.session.visitor)
    changing = {other.session.id for other in together}
    claiming = {
        other.session.id
        for other in together
        if claims(other) and (other.session.inbox, other.session.visitor) == place
    }
    return (set(holders) - changing | claiming) - {one.session.id}

"""The people and programs of a world."""

from collections.abc import Sequence

from chatsession.core.policy import Policy
from chatsession.runtime.principal import BOT_PRINCIPAL, CLOCK_PRINCIPAL, Principal
from chatsession.simulation import policies
from chatsession.simulation.chance import Chance
from chatsession.simulation.checks.story import Story

VISITORS_PER_INBOX = 3
SUBJECTS = ("anna", "bo")
"""Whom the websites of the inboxes know."""


class Cast:
    """Everybody who asks, and what they have in hand."""

    def __init__(self, inboxes: Sequence[str], rng: Chance) -> None:
        self.inboxes = tuple(inboxes)
        self.visitors: dict[str, Principal] = {}
        self.tokens: dict[str, str] = {}
        self.agents = tuple(Principal(kind="agent", id=name, name=name.title()) for name in ("carl", "dora", "emil"))
        self.key = Principal(kind="key", id="backoffice", name="Back office")
        self.versions: dict[str, tuple[Policy, Policy]] = {name: policies.versions(name) for name in inboxes}
        self.rng = rng
        self._count = 0

    def next_name(self, kind: str) -> str:
        """A name nobody has used."""
        self._count += 1
        return f"{kind}{self._count}"

    def visitor_of(self, story: Story) -> Principal:
        """Whoever the session belongs to now."""
        known = self.visitors.get(story.visitor)
        return known or Principal(kind="visitor", id=story.visitor, inbox=story.inbox)

    def holder_of(self, story: Story) -> Principal:
        """The agent who has the floor, or any agent."""
        return next((agent for agent in self.agents if agent.id == story.agent), self.agents[0])

    def one_of(self, story: Story, kinds: Sequence[str]) -> Principal:
        """Somebody of one of these kinds who may ask the session something."""
        match self.rng.choice(kinds):
            case "visitor":
                return self.visitor_of(story)
            case "agent":
                return self.rng.choice(self.agents)
            case "key":
                return self.key
            case "bot":
                return BOT_PRINCIPAL
            case _:
                return CLOCK_PRINCIPAL

    def policy_for(self, story: Story) -> Policy:
        """One of the two versions of the session's policy."""
        return self.rng.choice(self.versions[story.inbox])

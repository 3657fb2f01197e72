"""Looks on at every append: tells the stories, and holds each event against what was promised."""

import hashlib
from collections.abc import Sequence

from chatsession.core import events as e
from chatsession.core.apply import fold
from chatsession.core.policy import Policy
from chatsession.simulation.checks import clocks, entering, folding, sealing
from chatsession.simulation.checks.clocks import Serving
from chatsession.simulation.checks.promises import Promises
from chatsession.simulation.checks.story import Story
from chatsession.simulation.checks.violations import Invariant, Violations
from chatsession.simulation.coverage import Coverage
from chatsession.store import Append, Loaded

FOLD_EVERY_EVENTS = 24
EVENTS_SHOWN = 12
CONTEXT = (e.ContextChanged, e.ContextCleared, e.ContextReceived, e.SessionArchived)


class Witness:
    """What a bystander with a good memory knows of one world."""

    def __init__(self, policies: dict[str, Policy], coverage: Coverage, violations: Violations) -> None:
        self.stories: dict[str, Story] = {}
        self.promises = Promises()
        self.opened = 0
        self.events = 0
        self.digest = hashlib.blake2b(digest_size=32)
        self._policies = policies
        self._coverage = coverage
        self._violations = violations
        self._erased: set[str] = set()
        self._seals: dict[str, sealing.Seal] = {}
        self._sent: dict[tuple[str, str, str, str], int] = {}
        self._message_ids: set[str] = set()

    def complain(self, invariant: Invariant, detail: str, story: Story | None = None) -> None:
        """A promise was broken."""
        events = tuple(frame.decode() for frame in story.frames[-EVENTS_SHOWN:]) if story else ()
        self._violations.add(invariant, detail, story and story.id, events)

    def committed(self, appends: Sequence[Append], serving: Serving) -> None:
        """Take in what one transaction wrote."""
        for append in appends:
            self._append(append, serving)
        for append in appends:
            self._sole(append)

    def folded(self, append: Append, loaded: Loaded) -> None:
        """I16: hold the state against the stored list, where a snapshot was taken, and now and then."""
        story = self.stories[append.session.id]
        otherwise = folding.folded_otherwise(story.frames, append.session, fold(loaded.tail, loaded.snapshot))
        if otherwise is not None:
            self.complain("I16", otherwise, story)

    def wants_fold(self, append: Append) -> bool:
        """Whether it is time to fold the whole list again."""
        return append.snapshot or append.session.seq % FOLD_EVERY_EVENTS < len(append.events)

    def erased(self, session: str, serving: Serving, *, known: bool) -> None:
        """A session whose retention is over was erased; nothing of it may come back."""
        story = self.stories.pop(session, None)
        self._erased.add(session)
        self.promises.forget(session)
        due = story and clocks.due_at(story)
        if known and (story is None or story.phase != "archived" or due is None or serving.now() < due):
            self.complain("I6", f"erased at {serving.now()}, due {due}", story)

    def told(self, answer: str) -> None:
        """Let what somebody was told become part of the run's digest."""
        self.digest.update(answer.encode())

    def _append(self, append: Append, serving: Serving) -> None:
        story = self._story(append)
        if story is None:
            return
        if append.expected_seq != story.seq or len(append.frames) != len(append.events):
            self.complain("I5", f"{len(append.frames)} frames after {append.expected_seq} follow {story.seq}", story)
            return
        for event, frame in zip(append.events, append.frames, strict=True):
            self._event(story, event, frame, serving)
        finding = folding.disagreement(story, append.session)
        if finding is not None:
            self.complain(*finding, story)
        self._hold_to_seal(story, append)

    def _story(self, append: Append) -> Story | None:
        story = self.stories.get(append.session.id)
        first = append.events[0]
        if story is not None:
            return story
        if not isinstance(first, e.SessionOpened) or first.session in self._erased:
            self.complain("I7", f"{type(first).__name__} entered {append.session.id}, which is not there")
            return None
        story = self.stories[first.session] = Story(first, self._policies[first.policy])
        story.policies = self._policies
        self.opened += 1
        return story

    def _event(self, story: Story, event: e.Event, frame: bytes, serving: Serving) -> None:
        if event.seq != story.seq + 1:
            self.complain("I5", f"event {event.seq} follows {story.seq}", story)
        if story.seq:
            wrong = clocks.mistimed(story, event, serving)
            finding = ("I6", wrong) if wrong is not None else entering.misplaced(story, event)
            if finding is not None:
                self.complain(finding[0], finding[1], story)
        if isinstance(event, e.MessagePosted):
            self._sent_once(story, event)
        self._count(story, event, frame)
        story.tell(event, frame)
        if isinstance(event, e.SessionClosed):
            self._seals[story.id] = sealing.seal(story)
            if (wrong := folding.misaccounted(story)) is not None:
                self.complain("I15", wrong, story)

    def _count(self, story: Story, event: e.Event, frame: bytes) -> None:
        self.events += 1
        self.digest.update(frame)
        self._coverage.events[str(event.__struct_config__.tag)] += 1
        if isinstance(event, e.SessionClosed):
            self._coverage.reasons[event.reason] += 1
        command = entering.cause_of(event)
        if command is not None:
            self._coverage.command(command, story.cell)

    def _sent_once(self, story: Story, event: e.MessagePosted) -> None:
        if event.message_id in self._message_ids:
            self.complain("I4", f"message id {event.message_id} was used before", story)
        self._message_ids.add(event.message_id)
        if event.client_id is None:
            return
        key = (story.id, event.author.kind, event.author.id or "", event.client_id)
        first = self._sent.setdefault(key, event.seq)
        if first != event.seq:
            self.complain("I4", f"client id {event.client_id} was posted at {first} and at {event.seq}", story)

    def _hold_to_seal(self, story: Story, append: Append) -> None:
        """I8: hold the state against the seal, unless something changed the context in the same breath."""
        kinds = [type(event) for event in append.events]
        if e.SessionResumed not in kinds:
            return
        sealed = self._seals.get(story.id)
        changed = any(issubclass(kind, CONTEXT) for kind in kinds[kinds.index(e.SessionResumed) :])
        if sealed is None or changed:
            return
        broken = sealing.broken_seal(sealed, story.frames, append.session)
        if broken is not None:
            self.complain("I8", broken, story)

    def _sole(self, append: Append) -> None:
        """I17: at most one open session of each inbox and visitor."""
        mine = self.stories.get(append.session.id)
        if mine is None or mine.phase != "open" or mine.policy.several_open:
            return
        others = [
            each.id
            for each in self.stories.values()
            if each.phase == "open" and (each.inbox, each.visitor) == (mine.inbox, mine.visitor) and each is not mine
        ]
        if others:
            self.complain("I17", f"{mine.id} is open beside {others} of the same visitor", mine)

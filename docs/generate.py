"""Write the generated parts of the documentation from the code they describe: `make docs`.

A generated part stands between `<!-- generated: NAME -->` and `<!-- end -->`; everything else in a page is written by
hand. `--check` changes nothing and fails when a page is out of date.
"""

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from knobs import table_of_knobs

from chatsession.core import commands as c
from chatsession.core import events as e
from chatsession.core.apply import apply
from chatsession.core.decide import decide
from chatsession.core.due import due_at
from chatsession.core.parts import PART_KINDS, FormField, MessagePart
from chatsession.core.policy import Policy
from chatsession.core.refusals import TITLES, Refusal
from chatsession.core.session import Session
from chatsession.core.table import TABLE, Rule
from chatsession.server.socket import frames as frames_
from chatsession.server.socket.asking import ASKS
from chatsession.server.socket.closing import STANDARD, Close

HERE = Path(__file__).parent
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
POLICY = Policy(threads="manual", retention=timedelta(days=30))
ACTORS = {
    kind: c.Actor(kind=kind, id="carl" if kind == "agent" else None)
    for kind in ("visitor", "agent", "key", "bot", "clock")
}
PLACES = (("open", "bot"), ("open", "queue"), ("open", "agent"), ("closed", ""), ("archived", ""))


def snake(kind: type[msgspec.Struct]) -> str:
    """The name a type has on the wire."""
    return str(kind.__struct_config__.tag)


def table_of_commands() -> str:
    """Phase × floor × command, read off the rules' own table."""
    lines = [
        "| command | who | open: bot | open: queue | open: agent | closed | archived |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind, rule in TABLE.items():
        who = ", ".join(sorted(rule.actors))
        cells = " | ".join(_cell(rule, phase, floor) for phase, floor in PLACES)
        lines.append(f"| `{snake(kind)}` | {who} | {cells} |")
    return "\n".join(lines)


def _cell(rule: Rule, phase: str, floor: str) -> str:
    if phase in rule.already:
        return "already"
    if phase in rule.phases and (phase != "open" or floor in rule.floors):
        return "yes"
    if rule.late is not None:
        return f"`{rule.late().code}`"
    return "`floor_taken`" if phase in rule.phases else {"open": "`wrong_state`"}.get(phase, f"`session_{phase}`")


def diagram_of_phases() -> str:
    """Which command leads from phase to phase, found by asking the rules in every place."""
    return _diagram(lambda session: session.phase, first="open")


def diagram_of_floors() -> str:
    """Which command passes the floor while a session is open, found by asking the rules on every floor."""
    return _diagram(lambda session: session.floor if session.phase == "open" else "", first="bot")


def _diagram(state: Callable[[Session], str], first: str) -> str:
    edges: dict[tuple[str, str], set[str]] = {}
    for place in _sample_sessions():
        for command in _sample_commands(place):
            after = _after(place, command, _when(place, command))
            if after is not None and state(after) and state(place) and state(after) != state(place):
                edges.setdefault((state(place), state(after)), set()).add(snake(type(command)))
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first}: open_session"]
    lines += [f"    {one} --> {two}: {', '.join(sorted(names))}" for (one, two), names in sorted(edges.items())]
    return "\n".join([*lines, "```"])


def _when(session: Session, command: c.Command) -> datetime:
    due = due_at(session, POLICY)
    return due if isinstance(command, c.Tick) and due is not None else session.at + timedelta(seconds=1)


def _after(session: Session | None, command: c.Command, now: datetime) -> Session | None:
    decided = decide(session, command, POLICY, now)
    if isinstance(decided, Refusal):
        return session
    for event in decided:
        session = apply(session, event)
    return session


def _sample_sessions() -> Iterable[Session]:
    """One session in each place, and the same a step before its deadline."""
    opened = _after(
        None,
        c.OpenSession(
            actor=ACTORS["visitor"], session="ses_1", inbox="shop", visitor="vis_1", policy=POLICY.hash, text="Hi"
        ),
        NOON,
    )
    answered = _then(opened, c.AnswerTurn(actor=c.BOT, turn=1, attempt=1, text="Hello"))
    queued = _then(answered, c.RequestHandoff(actor=ACTORS["visitor"]))
    claimed = _then(queued, c.ClaimSession(actor=ACTORS["agent"]))
    closed = _then(answered, c.CloseSession(actor=ACTORS["visitor"]))
    places = [opened, answered, queued, claimed, closed]
    for place in places:
        step: Session | None = place
        for _ in range(8):
            if step is None:
                break
            yield step
            step = _then(step, c.Tick())


def _then(session: Session | None, command: c.Command) -> Session | None:
    return session and _after(session, command, _when(session, command))


def _sample_commands(session: Session) -> Iterable[c.Command]:
    turn = session.turn
    number, attempt = (turn.number, turn.attempt) if turn else (1, 1)
    needed: dict[type[c.Command], dict[str, Any]] = {
        c.PostMessage: {"text": "Hi"},
        c.AnswerTurn: {"turn": number, "attempt": attempt, "text": "Hello", "resolved": True},
        c.FailTurn: {"turn": number, "attempt": attempt, "reason": "error"},
        c.RefuseTurn: {
            "turn": number,
            "attempt": attempt,
            "limit": "turns",
            "span": "session",
            "used": 1,
            "allowed": 1,
        },
        c.ResumeSession: {"policy": POLICY.hash},
        c.AnswerQueueOffer: {"choice": "bot"},
        c.SnoozeSession: {"until": session.at + timedelta(hours=1)},
        c.PostNote: {"text": "note"},
        c.GiveFeedback: {"score": 5},
        c.ChangeContext: {"set": {"order": 1}},
        c.ChangeThread: {"thread": "thr_1"},
        c.AdoptPolicy: {"policy": POLICY.hash},
        c.IdentifyVisitor: {"visitor": "vis_2"},
    }
    for kind, rule in TABLE.items():
        for actor in sorted(rule.actors):
            yield kind(actor=ACTORS[actor], **needed.get(kind, {}))


def table_of_events() -> str:
    """Every event type with its fields and who sees it."""
    lines = ["| type | seen by | what it says | fields |", "|---|---|---|---|"]
    for name, kind in sorted(e.EVENT_TYPES.items()):
        lines.append(f"| `{name}` | {kind.audience} | {_said(kind)} | {_fields(kind, 'seq', 'at')} |")
    return "\n".join(lines)


def table_of_frames() -> str:
    """Every frame of a socket that is not an event, a signal or a problem document."""
    lines = ["| from | `type` | `command` | what it says | fields |", "|---|---|---|---|---|"]
    frames = [("client", frames_.Auth), ("client", frames_.SignalFromClient)]
    frames += [("server", frames_.Hello), ("server", frames_.Ack), ("server", frames_.Beat)]
    lines += [f"| {who} | `{snake(kind)}` | | {_said(kind)} | {_fields(kind)} |" for who, kind in frames]
    for name, kind in ASKS.items():
        lines.append(f"| client | `command` | `{name}` | {_said(kind)} | {_fields(kind, 'type')} |")
    return "\n".join(lines)


def table_of_closes() -> str:
    """Every code with which a socket is closed."""
    lines = ["| code | name | then | why |", "|---|---|---|---|"]
    lines += [f"| {end.number} | `{end.name}` | {end.then} | {end.says} |" for end in (each.value for each in Close)]
    return "\n".join([*lines, *(f"| {code} | | {then} | {why} |" for code, (then, why) in STANDARD.items())])


def _said(kind: type[msgspec.Struct]) -> str:
    return (kind.__doc__ or "").splitlines()[0]


def _fields(kind: type[msgspec.Struct], *without: str) -> str:
    fields = [each for each in msgspec.structs.fields(kind) if each.name not in without]
    return ", ".join(f"`{each.name}`" + ("" if each.required else "?") for each in fields) or "–"


def table_of_parts() -> str:
    """Every kind of message part that is known, and the fields of a form's fields."""
    lines = ["| kind | what it is | fields |", "|---|---|---|"]
    lines += [_part(f"`{name}`", kind) for name, kind in PART_KINDS.items()]
    return "\n".join([*lines, _part("a field of a form", FormField)])


def _part(name: str, kind: type[MessagePart]) -> str:
    fields = [f"`{each.name}`" + ("" if each.required else "?") for each in msgspec.structs.fields(kind)]
    return f"| {name} | {(kind.__doc__ or '').splitlines()[0]} | {', '.join(fields)} |"


def table_of_codes() -> str:
    """Every stable problem code."""
    return "\n".join(["| code | title |", "|---|---|", *(f"| `{code}` | {title} |" for code, title in TITLES.items())])


PARTS: dict[str, Callable[[], str]] = {
    "commands": table_of_commands,
    "phases": diagram_of_phases,
    "floors": diagram_of_floors,
    "events": table_of_events,
    "frames": table_of_frames,
    "closes": table_of_closes,
    "parts": table_of_parts,
    "codes": table_of_codes,
    "knobs": table_of_knobs,
}


def rendered(page: str) -> str:
    """The page with every generated part written anew."""
    for name, part in PARTS.items():
        start, end = f"<!-- generated: {name} -->\n", "<!-- end -->"
        if start in page:
            before, rest = page.split(start, 1)
            page = before + start + part() + "\n" + end + rest.split(end, 1)[1]
    return page


def main(arguments: list[str]) -> int:
    """Write or check all pages; the exit code says whether one was out of date under `--check`."""
    stale: list[str] = []
    for path in sorted(HERE.rglob("*.md")):
        page = path.read_text()
        fresh = rendered(page)
        if fresh == page:
            continue
        stale.append(path.name)
        if "--check" not in arguments:
            path.write_text(fresh)
    if stale and "--check" in arguments:
        sys.stderr.write(f"out of date: {', '.join(stale)}; run `make docs`\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

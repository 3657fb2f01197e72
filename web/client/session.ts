// What one event changes about the session as the server described it last. Whatever depends on the policy (when an
// unwarned session would close) comes with the next description.

import type { FloorChanged, SessionEvent, SessionView, SessionWarned, ThreadView, WarningLifted } from "./wire";

type Patch = Partial<SessionView>;
type Patches = { [Type in SessionEvent["type"]]?: (view: SessionView, event: EventOf<Type>) => Patch };
export type EventOf<Type> = Extract<SessionEvent, { type: Type }>;

const NO_WARNING: Patch = { warned_at: null, closes_at: null, closes_because: null };
const NO_AGENT: Patch = { agent: null, agent_name: null };

const PATCHES: Patches = {
  session_warned: warned,
  warning_lifted: lifted,
  session_closed: (_, event) => ({
    ...NO_WARNING,
    phase: "closed",
    closed_at: event.at,
    close_reason: event.reason,
    resumable_until: event.resumable_until ?? null,
    merged_into: event.merged_into ?? null,
    outcome: event.outcome,
    outcome_settled: false,
    queued_at: null,
    allowed: event.resumable === false ? ["new"] : ["resume", "new"],
  }),
  session_resumed: (view, event) => ({
    ...NO_WARNING,
    phase: "open",
    period: event.period,
    period_opened_at: event.at,
    floor: event.floor,
    term: view.term + 1,
    agent: event.agent ?? null,
    agent_name: event.agent_name ?? null,
    waiting_on: event.floor === "queue" ? "agent" : "visitor",
    queued_at: event.floor === "queue" ? event.at : null,
    closed_at: null,
    close_reason: null,
    resumable_until: null,
    outcome: null,
    outcome_settled: false,
    allowed: [],
  }),
  session_archived: () => ({ phase: "archived", allowed: ["new"], context: {} }),
  outcome_settled: (view, event) => (view.phase === "open" ? {} : { outcome: event.outcome, outcome_settled: true }),
  floor_changed: floorChanged,
  message_posted: (view, event) => {
    if (event.author.kind === "visitor") return view.floor === "bot" ? {} : { waiting_on: "agent" };
    return event.author.kind === "agent" ? { waiting_on: "visitor" } : {};
  },
  turn_opened: (_, event) => (event.by === "bot" ? { turn: event.turn } : { turn: event.turn, waiting_on: "bot" }),
  turn_answered: turnEnded,
  turn_failed: turnEnded,
  turn_superseded: turnEnded,
  thread_started: (view, event) =>
    withThread(view, event.thread, {
      topic: event.topic ?? null,
      title: event.title ?? null,
      continued_from: event.continued_from ?? null,
      current: true,
    }),
  thread_changed: (view, event) =>
    withThread(view, event.thread, {
      ...(event.topic && { topic: event.topic }),
      ...(event.title && { title: event.title }),
      ...(event.status && { status: event.status }),
      ...(event.current && { current: true }),
    }),
  thread_resolved: (view, event) => withThread(view, event.thread, { status: "resolved" }),
};

/** The session after an event; one that is older than the description changes nothing. */
export function sessionAfter(view: SessionView, event: SessionEvent): SessionView {
  if (event.seq <= view.seq) return view;
  const patch = PATCHES[event.type] as ((view: SessionView, event: SessionEvent) => Patch) | undefined;
  return { ...view, ...patch?.(view, event), seq: event.seq };
}

function warned(view: SessionView, event: SessionWarned): Patch {
  const standing = view.warned_at && view.closes_at;
  if (standing && view.closes_because !== event.reason && standing < event.closes_at) return {};
  const { closes_at, extendable, reason } = event;
  return { warned_at: event.at, closes_at, closes_because: reason, extendable };
}

function lifted(view: SessionView, event: WarningLifted): Patch {
  return view.closes_because === (event.reason ?? "timeout") ? NO_WARNING : {};
}

function floorChanged(view: SessionView, event: FloorChanged): Patch {
  const { floor, term } = event;
  const agent = floor === "agent" ? { agent: event.agent ?? null, agent_name: event.agent_name ?? null } : NO_AGENT;
  const queued_at = floor === "bot" ? null : floor === "queue" ? (view.queued_at ?? event.at) : view.queued_at;
  return { ...agent, floor, term, queued_at, waiting_on: floor === "bot" ? "visitor" : "agent" };
}

function turnEnded(view: SessionView): Patch {
  return { turn: null, ...(view.waiting_on === "bot" && { waiting_on: "visitor" as const }) };
}

function withThread(view: SessionView, id: string, change: Partial<ThreadView>): Patch {
  const blank: ThreadView = {
    id,
    topic: null,
    title: null,
    status: "open",
    current: false,
    continued_from: null,
    context: {},
  };
  const known = view.threads.some((thread) => thread.id === id) ? view.threads : [...view.threads, blank];
  return {
    threads: known.map((thread) => {
      if (thread.id === id) return { ...thread, ...change };
      return change.current ? { ...thread, current: false } : thread;
    }),
  };
}

// What one event changes about the session as the server described it last: as much as a visitor must see at once. The
// rest (threads, context, when an unwarned session would close) comes with the next description.

import type { SessionEvent, SessionView } from "./wire";

export type EventOf<Type> = Extract<SessionEvent, { type: Type }>;
type Patch = Partial<SessionView>;
type Patches = { readonly [Type in SessionEvent["type"]]?: (view: SessionView, event: EventOf<Type>) => Patch };

const UNWARNED: Patch = { warned_at: null, closes_at: null, closes_because: null };
const UNSETTLED: Patch = { ...UNWARNED, outcome_settled: false };

const PATCHES: Patches = {
  session_warned: (view, { at, reason, closes_at, extendable }) => {
    const endsSooner = view.warned_at && view.closes_because !== reason && (view.closes_at ?? "") < closes_at;
    return endsSooner ? {} : { warned_at: at, closes_at, closes_because: reason, extendable };
  },
  warning_lifted: (view, { reason = "timeout" }) => (view.closes_because === reason ? UNWARNED : {}),
  session_closed: (_, { at, reason, outcome, resumable = true, resumable_until = null, merged_into = null }) => ({
    ...UNSETTLED,
    phase: "closed",
    closed_at: at,
    close_reason: reason,
    outcome,
    resumable_until,
    merged_into,
    queued_at: null,
    allowed: resumable ? ["resume", "new"] : ["new"],
  }),
  session_resumed: (_, { at, period, floor, agent = null, agent_name = null }) => ({
    ...UNSETTLED,
    phase: "open",
    period,
    period_opened_at: at,
    floor,
    agent,
    agent_name,
    queued_at: floor === "queue" ? at : null,
    closed_at: null,
    close_reason: null,
    outcome: null,
    resumable_until: null,
    allowed: [],
  }),
  turn_opened: () => ({ can_retry: false }),
  session_archived: () => ({ phase: "archived", allowed: ["new"] }),
  floor_changed: (view, { at, floor, term, agent = null, agent_name = null }) => ({
    floor,
    term,
    agent,
    agent_name,
    queued_at: floor === "bot" ? null : (view.queued_at ?? at),
    waiting_on: floor === "bot" ? "visitor" : "agent",
  }),
};

const TOLD_BY_SERVER = /^(thread|session|warning|turn_failed|turn_superseded)/;

/** Whether only the server can tell what an event made of the session. */
export function mustBeAsked({ type }: SessionEvent): boolean {
  return TOLD_BY_SERVER.test(type);
}

/** The session after an event; one that is older than the description changes nothing. */
export function sessionAfter(view: SessionView, event: SessionEvent): SessionView {
  if (event.seq <= view.seq) return view;
  const patch = PATCHES[event.type] as ((view: SessionView, event: SessionEvent) => Patch) | undefined;
  return { ...view, ...patch?.(view, event), seq: event.seq };
}

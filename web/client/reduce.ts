// The one place where the next state comes from: pure, and the same whatever the order in which news arrive.

import type { Item, Pending, Told } from "./items";
import { type EventOf, sessionAfter } from "./session";
import { isMine, NOTHING, type Rating, type State } from "./state";
import type { SessionEvent, SessionView, Signal } from "./wire";
import { cutOff, ended, written } from "./writing";

/** What is taken over as it is: each says one thing about the client or the visitor. */
type Plain = Pick<
  State,
  "isStarting" | "config" | "draft" | "earlier" | "link" | "past" | "problem" | "storage" | "who" | "readTo"
>;

export type News =
  /** Something of the session's list; `nowMs` is this machine's time. */
  | { readonly type: "event"; readonly event: SessionEvent; readonly nowMs: number }
  | { readonly type: "signal"; readonly signal: Signal }
  /** Where the list ends, by whoever knows it. */
  | { readonly type: "head"; readonly head: number }
  /** What time it is for the server. */
  | { readonly type: "clock"; readonly serverMs: number; readonly nowMs: number }
  /** The session as the server describes it: another one than before begins with an empty list. */
  | { readonly type: "viewed"; readonly session: SessionView; readonly nowMs: number }
  /** Time passed; what expires goes. */
  | { readonly type: "passed"; readonly nowMs: number }
  | { readonly type: "queued"; readonly pending: Pending }
  | { readonly type: "accepted"; readonly clientId: string; readonly seq: number }
  | { readonly type: "discarded"; readonly clientId: string }
  | { readonly type: "read" }
  /** Somebody else is here now: nothing of the one before is left. */
  | { readonly type: "left" }
  /** The session is gone; what was written stays. */
  | { readonly type: "lost" }
  /** The list is to be read anew. */
  | { readonly type: "resync" }
  | { readonly type: "set"; readonly facts: Partial<Plain> };

/** The state after some news. */
export function reduce(state: State, news: News): State {
  const next = after(state, news);
  return next === state ? state : Object.freeze(next);
}

function after(state: State, news: News): State {
  switch (news.type) {
    case "event":
      return listed(state, news.event, news.nowMs);
    case "signal":
      return signalled(state, news.signal);
    case "head":
      return changed(state, { known: Math.max(state.known, news.head) });
    case "clock":
      return { ...state, skewMs: news.serverMs - news.nowMs };
    case "viewed":
      return viewed(state, news.session, Date.parse(news.session.server_time) - news.nowMs);
    case "passed":
      return state.typing && state.typing.untilMs <= news.nowMs + state.skewMs ? { ...state, typing: null } : state;
    case "queued":
      return queued(state, news.pending);
    case "accepted":
      return accepted(state, news.clientId, news.seq);
    case "discarded":
      return { ...state, pending: without(state, news.clientId) };
    case "read":
      return changed(state, { readTo: state.head, unread: 0 });
    case "left": {
      const { me, link, storage, config, skewMs } = state;
      return { ...NOTHING, me, link, storage, config, skewMs };
    }
    case "lost":
      return { ...emptied(state), session: null };
    case "resync":
      return { ...emptied(state), session: state.session && { ...state.session, seq: 0 } };
    case "set":
      return changed(state, news.facts);
  }
}

function changed(state: State, facts: Partial<State>): State {
  const isNew = Object.entries(facts).some(([key, value]) => state[key as keyof State] !== value);
  return isNew ? { ...state, ...facts } : state;
}

// The list.

type Folds = { readonly [Type in SessionEvent["type"]]?: (state: State, event: EventOf<Type>) => Partial<State> };

const NO_OFFERS: Partial<State> = { humanOffered: null, queueOffer: null, typing: null };

/** What each event changes beside the session itself; the ones not named only move the cursor. */
const FOLDS: Folds = {
  message_posted: posted,
  redacted: (state, event) => (event.was === "message_posted" ? shown(state, removed(event)) : {}),
  turn_opened: cutOff,
  turn_retried: cutOff,
  turn_answered: ended,
  turn_failed: (state, event) => ({ ...ended(state, event), ...told(state, event) }),
  turn_superseded: (state, event) => ({
    ...ended(state, event),
    ...((event.reason === "stopped" || event.reason === "handoff") && told(state, event)),
  }),
  session_opened: told,
  session_closed: (state, event) => ({ ...told(state, event), ...NO_OFFERS }),
  session_resumed: (state, event) => ({ ...told(state, event), rating: null }),
  floor_changed: (state, event) => ({ ...told(state, event), ...NO_OFFERS }),
  human_offered: (state, event) => ({ ...told(state, event), humanOffered: event.reason }),
  limit_reached: told,
  queue_choice_offered: (_, { offer, waited_seconds, choices }) => ({
    queueOffer: { offer, waitedSeconds: waited_seconds, choices },
  }),
  queue_choice_made: (state, event) => ({ ...told(state, event), queueOffer: null }),
  thread_started: told,
  thread_changed: (state, event) => (event.current ? told(state, event) : {}),
  thread_resolved: told,
  feedback_given: (state, event) => ({ rating: rated(state.rating, event) }),
};

/** Take in the next event of the list; one that is known changes nothing, one with a gap before it only tells of it. */
function listed(state: State, event: SessionEvent, nowMs: number): State {
  const { seq } = event;
  if (seq <= state.head) return event.type === "redacted" ? redactedLate(state, event) : state;
  if (seq > state.head + 1) return changed(state, { known: Math.max(state.known, seq) });
  const fold = FOLDS[event.type] as ((state: State, event: SessionEvent) => Partial<State>) | undefined;
  return {
    ...state,
    ...fold?.(state, event),
    session: state.session && sessionAfter(state.session, event),
    head: seq,
    known: Math.max(state.known, seq),
    // The server cannot have stored it before it happened.
    skewMs: Math.max(state.skewMs, Date.parse(event.at) - nowMs),
  };
}

function posted(state: State, event: EventOf<"message_posted">): Partial<State> {
  const { seq, at, author, text, thread, client_id, parts = [], sources = [], left_message = false } = event;
  const mine = author.kind === state.me;
  return {
    ...shown(state, {
      kind: "message",
      key: (mine && client_id) || event.message_id,
      seq,
      at,
      by: author.kind,
      name: author.name ?? null,
      text,
      thread,
      clientId: client_id,
      parts,
      sources,
      leftMessage: left_message,
    }),
    ...(event.turn && ended(state, { turn: event.turn })),
    ...(mine
      ? { pending: without(state, client_id), humanOffered: null }
      : { typing: null, unread: state.unread + (seq > state.readTo ? 1 : 0) }),
  };
}

function shown(state: State, item: Item): Partial<State> {
  return { items: [...state.items, item] };
}

function told(state: State, event: Told): Partial<State> {
  const { seq, at } = event;
  return shown(state, { kind: "notice", key: `e${seq}`, seq, at, event });
}

function removed({ seq, at, author = null }: EventOf<"redacted">): Item {
  return { kind: "removed", key: `e${seq}`, seq, at, by: author };
}

function redactedLate(state: State, event: EventOf<"redacted">): State {
  return { ...state, items: state.items.map((item) => (item.seq === event.seq ? removed(event) : item)) };
}

function rated(before: Rating | null, event: EventOf<"feedback_given">): Rating {
  const { period, part = "session" } = event;
  const same = before?.period === period && before.part === part ? before : null;
  return {
    period,
    part,
    score: event.score ?? same?.score ?? null,
    solved: event.solved ?? same?.solved ?? null,
    comment: event.comment ?? same?.comment ?? null,
  };
}

// What is beside the list.

function signalled(state: State, signal: Signal): State {
  if (signal.type !== "typing" && signal.type !== "read") return written(state, signal);
  if (signal.by === state.me) return state;
  if (signal.type === "read") return changed(state, { seenTo: Math.max(state.seenTo, signal.seq) });
  const { by, name, until } = signal;
  return { ...state, typing: { by, name, untilMs: Date.parse(until) } };
}

function viewed(state: State, session: SessionView, skewMs: number): State {
  const isSame = state.session?.id === session.id;
  if (isSame && state.session && session.seq < state.session.seq) return { ...state, skewMs };
  const list = isSame ? state : { ...emptied(state), readTo: state.session ? 0 : state.readTo };
  return { ...list, skewMs, session, known: Math.max(list.known, session.seq) };
}

/** Nothing of the list; what was written and who is here stays. */
function emptied(state: State): State {
  const { draft, earlier, link, who, readTo } = state;
  const pending = state.pending.filter(({ status }) => status !== "accepted");
  return { ...after(state, { type: "left" }), draft, earlier, link, who, readTo, pending };
}

function queued(state: State, pending: Pending): State {
  const { clientId } = pending;
  const isListed = state.items.some(
    (item) => item.kind === "message" && isMine(state, item) && item.clientId === clientId,
  );
  if (isListed) return state;
  return { ...state, pending: [...without(state, clientId), pending].sort((a, b) => a.at - b.at) };
}

function accepted(state: State, clientId: string, seq: number): State {
  const known = Math.max(state.known, seq);
  if (seq <= state.head) return { ...state, known, pending: without(state, clientId) };
  const taken = (one: Pending): Pending =>
    one.clientId === clientId ? { ...one, status: "accepted", seq, problem: null } : one;
  return { ...state, known, pending: state.pending.map(taken) };
}

function without(state: State, clientId: string | null): readonly Pending[] {
  return state.pending.filter((one) => one.clientId !== clientId);
}

// The one place where the next state comes from: pure, and the same whatever the order in which news arrive.

import type { EventOf } from "./session";
import { sessionAfter } from "./session";
import { type Item, isMine, type Message, NOTHING, type Pending, type Rating, type State, type Told } from "./state";
import type { FloorChanged, MessagePosted, SessionEvent, SessionView, Signal } from "./wire";
import { cutOff, ended, written } from "./writing";

/** What is taken over as it is: each says one thing about the client or the visitor. */
type Plain = Pick<
  State,
  "config" | "draft" | "earlier" | "isStarting" | "link" | "past" | "problem" | "storage" | "who" | "readTo"
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
      return news.head > state.known ? { ...state, known: news.head } : state;
    case "clock":
      return { ...state, skewMs: news.serverMs - news.nowMs };
    case "viewed":
      return viewed(state, news.session, news.nowMs);
    case "passed":
      return state.typing && state.typing.untilMs <= news.nowMs + state.skewMs ? { ...state, typing: null } : state;
    case "queued":
      return queued(state, news.pending);
    case "accepted":
      return accepted(state, news.clientId, news.seq);
    case "discarded":
      return { ...state, pending: state.pending.filter((each) => each.clientId !== news.clientId) };
    case "read":
      return state.readTo === state.head && !state.unread ? state : { ...state, readTo: state.head, unread: 0 };
    case "left":
      return {
        ...NOTHING,
        me: state.me,
        link: state.link,
        storage: state.storage,
        config: state.config,
        skewMs: state.skewMs,
      };
    case "lost":
      return { ...emptied(state), session: null, link: "idle" };
    case "resync":
      return { ...emptied(state), session: state.session && { ...state.session, seq: 0 } };
    case "set":
      return Object.entries(news.facts).every(([key, value]) => state[key as keyof State] === value)
        ? state
        : { ...state, ...news.facts };
  }
}

// The list.

type Folds = { readonly [Type in SessionEvent["type"]]?: (state: State, event: EventOf<Type>) => Partial<State> };

/** What each event changes beside the session itself; the ones not named only move the cursor. */
const FOLDS: Folds = {
  message_posted: posted,
  redacted: (state, event) => (event.was === "message_posted" ? shown(state, removed(event)) : {}),
  turn_opened: (state, event) => cutOff(state, event),
  turn_retried: (state, event) => cutOff(state, event),
  turn_answered: (state, event) => ended(state, event),
  turn_failed: (state, event) => ({ ...ended(state, event), ...told(state, event) }),
  turn_superseded: (state, event) => ({
    ...ended(state, event),
    ...(event.reason === "stopped" && told(state, event)),
  }),
  session_opened: told,
  session_closed: (state, event) => ({ ...told(state, event), humanOffered: null, queueOffer: null, typing: null }),
  session_resumed: (state, event) => ({ ...told(state, event), rating: null }),
  floor_changed: (state, event: FloorChanged) => ({
    ...told(state, event),
    humanOffered: null,
    queueOffer: null,
    typing: null,
  }),
  human_offered: (state, event) => ({ ...told(state, event), humanOffered: event.reason }),
  limit_reached: told,
  queue_choice_offered: (_, event) => ({
    queueOffer: { offer: event.offer, waitedSeconds: event.waited_seconds, choices: event.choices },
  }),
  queue_choice_made: (state, event) => ({ ...told(state, event), queueOffer: null }),
  thread_started: told,
  thread_changed: (state, event) => (event.current ? told(state, event) : {}),
  thread_resolved: told,
  feedback_given: (state, event) => ({ rating: rated(state.rating, event) }),
};

/** Take in the next event of the list; one that is known changes nothing, one with a gap before it only tells of it. */
function listed(state: State, event: SessionEvent, nowMs: number): State {
  if (event.seq <= state.head) return event.type === "redacted" ? redactedLate(state, event) : state;
  if (event.seq > state.head + 1) return event.seq > state.known ? { ...state, known: event.seq } : state;
  const fold = FOLDS[event.type] as ((state: State, event: SessionEvent) => Partial<State>) | undefined;
  return {
    ...state,
    ...fold?.(state, event),
    session: state.session && sessionAfter(state.session, event),
    head: event.seq,
    known: Math.max(state.known, event.seq),
    // The server cannot have stored it before it happened.
    skewMs: Math.max(state.skewMs, Date.parse(event.at) - nowMs),
  };
}

function posted(state: State, event: MessagePosted): Partial<State> {
  const mine = isMine(state, event);
  const message: Message = {
    kind: "message",
    key: (mine && event.client_id) || event.message_id,
    seq: event.seq,
    at: event.at,
    by: event.author.kind,
    name: event.author.name ?? null,
    text: event.text,
    thread: event.thread,
    clientId: event.client_id,
    parts: event.parts ?? [],
    sources: event.sources ?? [],
    leftMessage: event.left_message ?? false,
  };
  const turn = event.turn ? ended(state, { turn: event.turn }) : {};
  if (mine)
    return {
      ...shown(state, message),
      ...turn,
      pending: state.pending.filter((each) => each.clientId !== event.client_id),
      humanOffered: null,
    };
  return {
    ...shown(state, message),
    ...turn,
    typing: state.typing?.by === event.author.kind ? null : state.typing,
    unread: state.unread + (event.seq > state.readTo ? 1 : 0),
  };
}

function shown(state: State, item: Item): Partial<State> {
  return { items: [...state.items, item] };
}

function told(state: State, event: Told): Partial<State> {
  return shown(state, { kind: "notice", key: `e${event.seq}`, seq: event.seq, at: event.at, event });
}

function removed(event: EventOf<"redacted">): Item {
  return { kind: "removed", key: `e${event.seq}`, seq: event.seq, at: event.at, by: event.author ?? null };
}

function redactedLate(state: State, event: EventOf<"redacted">): State {
  return { ...state, items: state.items.map((item) => (item.seq === event.seq ? removed(event) : item)) };
}

function rated(before: Rating | null, event: EventOf<"feedback_given">): Rating {
  const part = event.part ?? "session";
  const same = before?.period === event.period && before.part === part ? before : null;
  return {
    period: event.period,
    part,
    score: event.score ?? same?.score ?? null,
    solved: event.solved ?? same?.solved ?? null,
    comment: event.comment ?? same?.comment ?? null,
  };
}

// What is beside the list.

function signalled(state: State, signal: Signal): State {
  if (signal.type !== "typing") return written(state, signal);
  if (signal.by === state.me) return state;
  return { ...state, typing: { by: signal.by, name: signal.name, untilMs: Date.parse(signal.until) } };
}

function viewed(state: State, session: SessionView, nowMs: number): State {
  const skewMs = Date.parse(session.server_time) - nowMs;
  if (state.session?.id !== session.id) {
    const readTo = state.session ? 0 : state.readTo;
    return { ...emptied(state), readTo, skewMs, session, known: session.seq };
  }
  if (session.seq < state.session.seq) return { ...state, skewMs };
  return { ...state, skewMs, session, known: Math.max(state.known, session.seq) };
}

/** Nothing of the list; what was written and who is here stays. */
function emptied(state: State): State {
  const { items, head, known, unread, writing, typing, humanOffered, queueOffer, turnOver, rating, past } = NOTHING;
  const pending = state.pending.filter((each) => each.status !== "accepted");
  const list = { items, head, known, unread, writing, typing, humanOffered, queueOffer, turnOver, rating, past };
  return { ...state, ...list, pending };
}

function queued(state: State, pending: Pending): State {
  if (state.items.some((item) => item.kind === "message" && isMine(state, item) && item.clientId === pending.clientId))
    return state;
  const others = state.pending.filter((each) => each.clientId !== pending.clientId);
  return { ...state, pending: [...others, pending].sort((a, b) => a.at - b.at) };
}

function accepted(state: State, clientId: string, seq: number): State {
  const pending = state.pending
    .filter((each) => each.clientId !== clientId || seq > state.head)
    .map((each) => (each.clientId === clientId ? { ...each, status: "accepted" as const, seq, problem: null } : each));
  return { ...state, pending, known: Math.max(state.known, seq) };
}

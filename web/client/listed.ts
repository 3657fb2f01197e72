// The list of a session, event by event: what each makes of what is shown.

import type { Item, Pending, Told } from "./items";
import { type EventOf, sessionAfter } from "./session";
import type { Rating, State } from "./state";
import type { SessionEvent } from "./wire";
import { cutOff, ended } from "./writing";

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
export function listed(state: State, event: SessionEvent, nowMs: number): State {
  const { seq } = event;
  if (seq <= state.head) return event.type === "redacted" ? redactedLate(state, event) : state;
  if (seq > state.head + 1) return seq > state.known ? { ...state, known: seq } : state;
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

/** What is on its way without one of them. */
export function without(state: State, clientId: string | null): readonly Pending[] {
  return state.pending.filter((one) => one.clientId !== clientId);
}

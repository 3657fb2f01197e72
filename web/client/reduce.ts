// The one place where the next state comes from: pure, and the same whatever the order in which news arrive.

import type { Pending } from "./items";
import { listed, without } from "./listed";
import { isMine, NOTHING, type State } from "./state";
import type { SessionEvent, SessionView, Signal } from "./wire";
import { written } from "./writing";

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

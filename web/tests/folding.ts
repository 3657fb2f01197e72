// The recorded session, folded into what a visitor sees of it.

import type { Pending } from "../client/items";
import { type News, reduce } from "../client/reduce";
import { NOTHING, type State } from "../client/state";
import { EVENTS, eventOf, type Frame, RECORDED, sessionView } from "./recorded";

export const NOW = Date.parse(eventOf("session_opened").at);
export const BEGUN = reduce(NOTHING, { type: "viewed", session: sessionView(), nowMs: NOW });

export function newsOf(frame: Frame): News {
  return "at" in frame ? { type: "event", event: frame, nowMs: NOW } : { type: "signal", signal: frame };
}

export function folded(news: readonly News[], state: State = BEGUN): State {
  return news.reduce(reduce, state);
}

export function pendingOf(clientId: string, changes: Partial<Pending> = {}): Pending {
  const message = EVENTS.find((event) => event.type === "message_posted" && event.client_id === clientId);
  const text = message?.type === "message_posted" ? message.text : clientId;
  const nothing = { parts: [], thread: null, page: null, session: null, seq: null, problem: null };
  return { clientId, text, at: NOW, status: "queued", ...nothing, ...changes };
}

/** All of it, as nothing was lost. */
export const INTACT = folded(RECORDED.map(newsOf));

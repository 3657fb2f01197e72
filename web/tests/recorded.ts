// A session as a visitor's stream brought it, recorded from the real service: tests/web/record.py.

import { readFileSync } from "node:fs";
import type { SessionEvent, SessionView, Signal } from "../client/wire";
import { openSession } from "./session";

export type Frame = SessionEvent | Signal;

export const RECORDED: readonly Frame[] = JSON.parse(readFileSync(new URL("./recorded.json", import.meta.url), "utf8"));

export const EVENTS: readonly SessionEvent[] = RECORDED.filter((frame) => "at" in frame);
export const HEAD = EVENTS.length;

export function eventOf<Type extends SessionEvent["type"]>(type: Type, nth = 0): Extract<SessionEvent, { type: Type }> {
  const found = EVENTS.filter((event) => event.type === type)[nth];
  if (!found) throw new Error(`The recording has no ${type} number ${nth}.`);
  return found as Extract<SessionEvent, { type: Type }>;
}

/** The session as the server describes it right after its opening. */
export function sessionView(changes: Partial<SessionView> = {}): SessionView {
  const { session: id, inbox, visitor, policy, at } = eventOf("session_opened");
  return openSession(at, { id, inbox, visitor, policy, ...changes });
}

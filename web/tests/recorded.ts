// A session as a visitor's stream brought it, recorded from the real service: tests/web/record.py.

import { readFileSync } from "node:fs";
import type { SessionEvent, SessionView, Signal } from "../client/wire";

export type Frame = SessionEvent | Signal;

export const RECORDED: readonly Frame[] = JSON.parse(readFileSync(new URL("./recorded.json", import.meta.url), "utf8"));

export const EVENTS: readonly SessionEvent[] = RECORDED.filter((frame) => "at" in frame);
export const HEAD = EVENTS.length;

export function eventOf<Type extends SessionEvent["type"]>(type: Type, nth = 0): Extract<SessionEvent, { type: Type }> {
  const found = EVENTS.filter((event) => event.type === type)[nth];
  if (!found) throw new Error(`The recording has no ${type} number ${nth}.`);
  return found as Extract<SessionEvent, { type: Type }>;
}

/** A session as the server describes it right after its opening. */
export function sessionView(changes: Partial<SessionView> = {}): SessionView {
  const opened = eventOf("session_opened");
  return {
    id: opened.session,
    inbox: opened.inbox,
    visitor: opened.visitor,
    phase: "open",
    period: 1,
    floor: "bot",
    term: 1,
    agent: null,
    agent_name: null,
    waiting_on: "visitor",
    snoozed_until: null,
    opened_at: opened.at,
    period_opened_at: opened.at,
    closes_at: null,
    closes_because: null,
    warned_at: null,
    extendable: true,
    closed_at: null,
    close_reason: null,
    resumable_until: null,
    previous: null,
    merged_into: null,
    outcome: null,
    outcome_settled: false,
    queued_at: null,
    turn: null,
    can_retry: false,
    context: {},
    metadata: {},
    threads: [],
    clocks: [],
    allowed: [],
    policy: opened.policy,
    seq: 0,
    server_time: opened.at,
    ...changes,
  };
}

// A session as the server describes it.

import type { SessionView } from "../client/wire";

/** One that was opened at this instant, with nothing said in it yet. */
export function openSession(at: string, changes: Partial<SessionView> = {}): SessionView {
  return {
    id: "ses_1",
    inbox: "support",
    visitor: "vis_1",
    phase: "open",
    period: 1,
    floor: "bot",
    term: 1,
    agent: null,
    agent_name: null,
    waiting_on: "visitor",
    snoozed_until: null,
    opened_at: at,
    period_opened_at: at,
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
    policy: "p",
    seq: 0,
    server_time: at,
    ...changes,
  };
}

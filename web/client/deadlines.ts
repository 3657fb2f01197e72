// What ends in a chat, and when; the panel shows at once without it.

import { serverMs } from "./clocks";
import type { State } from "./state";

export const RATING_CHANGEABLE_MS = 24 * 3_600_000;

/** Milliseconds until the session closes, once the visitor was warned; null while nothing is ending. */
export function closesInMs(state: State, nowMs: number): number | null {
  const { session } = state;
  if (session?.phase !== "open" || !session.warned_at || !session.closes_at) return null;
  return Math.max(0, Date.parse(session.closes_at) - serverMs(state, nowMs));
}

/** Whether a rating can be given, or changed. */
export function canRate(state: State, nowMs: number): boolean {
  const closedAt = state.session?.closed_at;
  return !!state.session && (!closedAt || serverMs(state, nowMs) < Date.parse(closedAt) + RATING_CHANGEABLE_MS);
}

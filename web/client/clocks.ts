// The server owns every deadline; here it is only told how much is left of it.

import type { State } from "./state";

/** The server's time now. */
export function serverMs(state: State, nowMs: number): number {
  return nowMs + state.skewMs;
}

/** Whether a closed session can be taken up again. */
export function canResume(state: State, nowMs: number): boolean {
  const session = state.past?.session ?? state.session;
  if (session?.phase !== "closed" || !session.allowed.includes("resume")) return false;
  return !session.resumable_until || Date.parse(session.resumable_until) > serverMs(state, nowMs);
}

// What the glass box knows, as plain data: everything the service may see of one chat, and of the process that serves.

import type { Link } from "../client/state";
import type { SessionEvent, SessionView, Signal, StreamHello, Trace } from "../client/wire";

/** The process that serves, as `GET /v1/demo/place` tells. */
export interface Place {
  readonly pid: number;
  readonly started_at: string;
  readonly restart: string;
  readonly server_time: string;
  /** How far the demo's clock was moved ahead of the machine's. */
  readonly ahead_seconds: number;
}

/** What this page remembers of its visitor's steps that no event tells. */
export interface Notes {
  /** When the steps were begun, by the server's clock: what happened before counts for none of them. */
  readonly sinceMs: number | null;
  /** Where the list stood when the shop's tab was closed. */
  readonly closedTab: { readonly session: string; readonly seq: number } | null;
  /** The process that went away while we watched. */
  readonly gonePid: number | null;
}

/** What is being written at this moment; never stored. */
export interface Live {
  readonly turn: number;
  readonly attempt: number;
  readonly text: string;
  readonly working: string | null;
}

export interface Glass {
  /** `refused`: the key opens nothing here; `gone`: no server answers. */
  readonly server: "asking" | "there" | "gone" | "refused";
  readonly place: Place | null;
  readonly durability: StreamHello["durability"] | null;
  readonly sessions: readonly SessionView[];
  /** Who chats from this browser, by the visitors' ids: one for each inbox. */
  readonly own: readonly string[];
  /** The chat that was chosen; null follows one's own. */
  readonly chosen: string | null;
  readonly session: SessionView | null;
  readonly events: readonly SessionEvent[];
  readonly traces: readonly Trace[];
  readonly live: Live | null;
  readonly link: Link;
  /** The server's clock minus this machine's. */
  readonly skewMs: number;
  readonly notes: Notes;
}

const MOVED_MS = 2_000;
const NOTHING: Notes = { sinceMs: null, closedTab: null, gonePid: null };

export const EMPTY: Glass = {
  server: "asking",
  place: null,
  durability: null,
  sessions: [],
  own: [],
  chosen: null,
  session: null,
  events: [],
  traces: [],
  live: null,
  link: "idle",
  skewMs: 0,
  notes: NOTHING,
};

/** The chat to look into: the chosen one, else of one's own that can go on the one that was opened or taken up last. */
export function watched(glass: Glass): string | null {
  const { chosen, sessions, session } = glass;
  if (chosen) return chosen;
  const alive = sessions.filter((each) => isOwn(glass, each) && (each.phase !== "archived" || each.id === session?.id));
  const newest = alive.reduce<SessionView | null>(
    (best, each) => (!best || each.period_opened_at > best.period_opened_at ? each : best),
    null,
  );
  return newest?.id ?? null;
}

/** Whether a chat is of this browser's visitor; others are looked into by choice alone. */
export function isOwn({ own }: Glass, session: SessionView | null): boolean {
  return session !== null && own.includes(session.visitor);
}

/** The list with one more event; what is known already or leaves a gap changes nothing. */
export function withEvent(glass: Glass, event: SessionEvent): Glass {
  const head = glass.events.at(-1)?.seq ?? 0;
  if (event.seq !== head + 1) return glass;
  const isOver = glass.live !== null && endsTurn(event, glass.live.turn);
  return { ...glass, events: [...glass.events, event], live: isOver ? null : glass.live };
}

function endsTurn(event: SessionEvent, turn: number): boolean {
  return "turn" in event && event.turn === turn && event.type !== "activity_seen" && event.type !== "turn_opened";
}

/** What is written just now, after one more signal. */
export function withSignal(glass: Glass, signal: Signal): Glass {
  if (!("turn" in signal)) return glass;
  const { turn, attempt } = signal;
  const before = glass.live?.turn === turn && glass.live.attempt === attempt ? glass.live : null;
  const text = before?.text ?? "";
  switch (signal.type) {
    case "working":
      return { ...glass, live: { turn, attempt, text, working: signal.name } };
    case "partial":
      return { ...glass, live: { turn, attempt, text: signal.text, working: signal.working ?? null } };
    case "delta":
      return { ...glass, live: { turn, attempt, text: text + signal.text, working: null } };
  }
}

/** What the server's clock said just now. An answer that took long tells less than one that did not. */
export function withServerTime(glass: Glass, saidMs: number, nowMs: number): Glass {
  const skewMs = saidMs - nowMs;
  const wasMoved = Math.abs(skewMs - glass.skewMs) > MOVED_MS;
  return { ...glass, skewMs: wasMoved ? skewMs : Math.max(skewMs, glass.skewMs) };
}

/** The server's time now. */
export function serverMs({ skewMs }: Glass, nowMs: number): number {
  return nowMs + skewMs;
}

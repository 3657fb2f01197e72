// The context with its provenance: who set which value, when, and whether anybody vouches for it.

import type { Entry, Scope, SessionEvent } from "../client/wire";

export interface Known {
  readonly scope: Scope;
  readonly thread: string | null;
  readonly key: string;
  readonly entry: Entry;
  /** The event that brought it. */
  readonly seq: number;
  readonly from: string | null;
}

/** What is known after these events, in the order in which it became known. */
export function context(events: readonly SessionEvent[]): readonly Known[] {
  return [...events.reduce(take, new Map<string, Known>()).values()];
}

type Context = Map<string, Known>;

function take(known: Context, event: SessionEvent): Context {
  switch (event.type) {
    case "context_received":
      put(known, event.seq, "session", null, event.session_entries, event.from_session);
      put(known, event.seq, "visitor", null, event.visitor_entries, event.from_session);
      return known;
    case "context_changed":
      for (const key of event.unset ?? []) known.delete(place(event.scope, event.thread ?? null, key));
      put(known, event.seq, event.scope, event.thread ?? null, event.set, null);
      return known;
    case "context_cleared":
      for (const [at, each] of known)
        if (each.scope === event.scope && each.thread === (event.thread ?? null)) known.delete(at);
      return known;
    default:
      return known;
  }
}

function put(
  known: Context,
  seq: number,
  scope: Scope,
  thread: string | null,
  entries: Readonly<Record<string, Entry>> | undefined,
  from: string | null,
): void {
  for (const [key, entry] of Object.entries(entries ?? {}))
    known.set(place(scope, thread, key), { scope, thread, key, entry, seq, from });
}

function place(scope: Scope, thread: string | null, key: string): string {
  return JSON.stringify([scope, thread, key]);
}

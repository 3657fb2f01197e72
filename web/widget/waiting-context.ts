// Context belongs to a session: what is told before there is one waits for it, as long as the same visitor is here.

import type { Chat } from "../client/state";
import type { Json } from "../client/wire";

export type Patch = Readonly<Record<string, Json>>;

/** What waits for a session: each ends its waiting. */
const untold = new WeakMap<Chat, Set<() => void>>();

/** Tell it of the session at hand, else of the first that this visitor has. */
export function tell(chat: Chat, inbox: string, patch: Patch): Promise<void> {
  if (chat.getState().session) return chat.setContext(patch);
  const era = eraOf(inbox);
  let { who } = chat.getState();
  const waiting = untold.get(chat) ?? new Set();
  const stop = () => {
    unsubscribe();
    waiting.delete(stop);
  };
  const unsubscribe = chat.subscribe((state) => {
    const hasLeft = (who && !state.who) || eraOf(inbox) !== era;
    who = state.who;
    if (hasLeft || state.session) stop();
    if (!hasLeft && state.session) void chat.setContext(patch);
  });
  untold.set(chat, waiting.add(stop));
  return Promise.resolve();
}

/** It was about whoever leaves, not about whoever comes next. */
export function dropUntold(chat: Chat): void {
  for (const stop of untold.get(chat) ?? []) stop();
}

/** Changes whenever somebody leaves, in whichever tab; a chat that has not begun hears of it nowhere else. */
function eraOf(inbox: string): string | null {
  try {
    return localStorage.getItem(`cs:${inbox}:g`);
  } catch {
    return null;
  }
}

// What the shop tells the chat of its visitor, through the page's own API: the bot and the agents see it as unverified.

import type { State } from "../client/state";
import type { Json } from "../client/wire";

type Patch = Readonly<Record<string, Json>>;

interface Page {
  chatsession?: { readonly getState?: () => Promise<State>; readonly setContext?: (patch: Patch) => Promise<void> };
}

/** Once the chat's script is there; a chat that is over is told nothing. */
export function tellChat(patch: Patch): void {
  const { chatsession } = window as Page;
  if (!chatsession?.getState) {
    if (document.readyState !== "complete") addEventListener("load", () => tellChat(patch), { once: true });
    return;
  }
  void chatsession.getState().then(({ session }) => {
    if (!session || (session.phase === "open" && isNews(patch, session.context))) void chatsession.setContext?.(patch);
  });
}

function isNews(patch: Patch, known: Patch): boolean {
  return Object.entries(patch).some(([key, value]) => JSON.stringify(known[key]) !== JSON.stringify(value));
}

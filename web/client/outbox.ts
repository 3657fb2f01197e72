// What was written and is not accepted yet: one key for each message, so that tabs never overwrite each other.

import type { Pending } from "./items";
import type { Shelf } from "./storage";

const PREFIX = "o:";
export const OUTBOX_MS_MAX = 24 * 3_600_000;

export class Outbox {
  constructor(
    private readonly shelf: Shelf,
    private readonly now: () => number,
  ) {}

  /** Write first: what is not written here is not sent. */
  put(pending: Pending): void {
    this.shelf.set(PREFIX + pending.clientId, pending);
  }

  get(clientId: string): Pending | null {
    return this.shelf.get<Pending>(PREFIX + clientId);
  }

  /** What is under a key of the shelf, if that is one of ours. */
  at(key: string): Pending | null {
    return key.startsWith(PREFIX) ? this.shelf.get<Pending>(key) : null;
  }

  remove(clientId: string): void {
    this.shelf.drop(PREFIX + clientId);
  }

  /** Everything in it, oldest first; what is older than a day is not wanted any more. */
  all(): Pending[] {
    const found: Pending[] = [];
    for (const key of this.shelf.keys(PREFIX)) {
      const pending = this.shelf.get<Pending>(key);
      if (pending && this.now() - pending.at < OUTBOX_MS_MAX) found.push(pending);
      else this.shelf.drop(key);
    }
    return found.sort((a, b) => a.at - b.at);
  }

  clear(): void {
    for (const key of this.shelf.keys(PREFIX)) this.shelf.drop(key);
  }
}

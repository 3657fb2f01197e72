// Telling that the visitor is writing: often enough to be seen, seldom enough to cost nothing.

import type { Ground } from "./ground";

/** An agent sees it only so long. */
export const TYPING_MS_FOR_AGENT = 5_000;
/** For the clocks of the session this is plenty. */
export const TYPING_MS = 20_000;

export class TypingSigns {
  #toldAt = Number.NEGATIVE_INFINITY;
  #toldWarning: string | null = null;

  constructor(private readonly ground: Ground) {}

  sign(): void {
    const { calls, screen } = this.ground;
    const { session } = screen.state;
    if (session?.phase !== "open") return;
    const every = session.floor === "agent" ? TYPING_MS_FOR_AGENT : TYPING_MS;
    // After a warning the first sign counts at once.
    if (screen.now() - this.#toldAt < every && session.warned_at === this.#toldWarning) return;
    this.#toldAt = screen.now();
    this.#toldWarning = session.warned_at;
    calls.post(`/v1/sessions/${session.id}/typing`).catch(() => undefined);
  }
}

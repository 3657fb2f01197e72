// When to try again: full jitter, so that clients that were sent away together do not come back together.

import type { Browser } from "./browser";

export const RETRY_MS_MIN = 500;
export const RETRY_MS_MAX = 30_000;

/** How long to wait before the next try, after so many in a row that failed. */
export function retryMs(random: number, failures: number): number {
  return RETRY_MS_MIN + random * (Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** failures) - RETRY_MS_MIN);
}

/** One wait at a time, which good news cut short; a wait the server asked for is kept. */
export class Pause {
  #failures = 0;
  #isAskedFor = false;
  #end: (() => void) | null = null;

  constructor(private readonly browser: Browser) {}

  /** Wait before the next try: as long as the server asked for, else longer each time. */
  next(askedForMs: number): Promise<void> {
    this.#failures += 1;
    this.#isAskedFor = askedForMs > 0;
    return new Promise((resolve) => {
      const ms = askedForMs || retryMs(this.browser.random(), this.#failures);
      const cancel = this.browser.after(ms, () => this.stop());
      this.#end = () => {
        cancel();
        resolve();
      };
    });
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** The network is back, or somebody is looking: try at once. */
  hurry(): void {
    if (!this.#isAskedFor) this.stop();
  }

  stop(): void {
    this.#end?.();
  }
}

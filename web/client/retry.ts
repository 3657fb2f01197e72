// When to try again: full jitter, so that clients that were sent away together do not come back together.

import type { Browser } from "./browser";

export const RETRY_MS_MIN = 500;
export const RETRY_MS_MAX = 30_000;

/** How long to wait before the next try, after so many in a row that failed. */
export function retryMs(random: number, failures: number): number {
  const most = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** failures);
  return RETRY_MS_MIN + random * (most - RETRY_MS_MIN);
}

/** One wait at a time, which good news cut short; a wait the server asked for is kept. */
export class Pause {
  #end: (() => void) | null = null;
  #isAskedFor = false;

  constructor(private readonly browser: Browser) {}

  wait(ms: number, isAskedFor = false): Promise<void> {
    this.#isAskedFor = isAskedFor;
    return new Promise((resolve) => {
      const cancel = this.browser.after(ms, () => this.#end?.());
      this.#end = () => {
        cancel();
        this.#end = null;
        resolve();
      };
    });
  }

  /** The network is back, or somebody is looking: try at once. */
  hurry(): void {
    if (!this.#isAskedFor) this.#end?.();
  }

  stop(): void {
    this.#end?.();
  }
}

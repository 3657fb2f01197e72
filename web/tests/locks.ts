// The locks that the tabs of a browser in a test share.

import type { Tab } from "./world";

interface Claim {
  readonly tab: Tab;
  readonly run: () => Promise<unknown>;
  readonly fail: (error: unknown) => void;
}

/** Web Locks: first come, first served; a lock can be stolen. */
export class LockTable {
  readonly #held = new Map<string, Claim>();
  readonly #waiting = new Map<string, Claim[]>();

  holder(name: string): Tab | undefined {
    return this.#held.get(name)?.tab;
  }

  names(): string[] {
    return [...this.#held.keys()];
  }

  request(
    tab: Tab,
    name: string,
    { signal, steal }: { readonly signal?: AbortSignal; readonly steal?: boolean },
    held: () => Promise<unknown>,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const claim: Claim = { tab, run: () => held().then(resolve, reject), fail: reject };
      signal?.addEventListener("abort", () => {
        const line = this.#waiting.get(name) ?? [];
        if (!line.includes(claim)) return;
        this.#waiting.set(
          name,
          line.filter((other) => other !== claim),
        );
        reject(new DOMException("The request was aborted.", "AbortError"));
      });
      if (signal?.aborted) return reject(new DOMException("The request was aborted.", "AbortError"));
      if (steal) {
        this.#held.get(name)?.fail(new DOMException("The lock was stolen.", "AbortError"));
        this.#hold(name, claim);
      } else {
        this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), claim]);
        this.#next(name);
      }
    });
  }

  drop(tab: Tab): void {
    for (const [name, line] of this.#waiting)
      this.#waiting.set(
        name,
        line.filter((claim) => claim.tab !== tab),
      );
    for (const [name, claim] of [...this.#held]) {
      if (claim.tab !== tab) continue;
      this.#held.delete(name);
      this.#next(name);
    }
  }

  #next(name: string): void {
    const [first, ...rest] = this.#waiting.get(name) ?? [];
    if (!first || this.#held.has(name)) return;
    this.#waiting.set(name, rest);
    this.#hold(name, first);
  }

  #hold(name: string, claim: Claim): void {
    this.#held.set(name, claim);
    queueMicrotask(() => {
      void claim.run().then(() => {
        if (this.#held.get(name) !== claim) return;
        this.#held.delete(name);
        this.#next(name);
      });
    });
  }
}

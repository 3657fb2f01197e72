// Calls in the visitor's name. What comes back after the visitor left is nobody's any more.

import { type Ask, type Method, Refused } from "./api";
import type { Identity } from "./identity";

/** The visitor left while an answer was on its way. */
export class GoneError extends Error {}

export class Calls {
  #life = 0;

  constructor(
    private readonly ask: Ask,
    private readonly identity: Identity,
    private readonly onUnknown: () => void,
  ) {}

  get<Value>(path: string): Promise<Value> {
    return this.call("GET", path);
  }

  post<Value>(path: string, body: unknown = {}): Promise<Value> {
    return this.call("POST", path, body);
  }

  async call<Value>(method: Method, path: string, body?: unknown): Promise<Value> {
    const { token } = this.identity;
    try {
      return await this.within(this.ask<Value>(method, path, body, token));
    } catch (error) {
      if (!(error instanceof Refused && error.is("unauthorized"))) throw error;
      if (!(await this.within(this.#isKnownAnew(token)))) throw error;
      return this.within(this.ask<Value>(method, path, body, this.identity.token));
    }
  }

  /** Wait for something that only counts while the same visitor is here. */
  async within<Value>(work: Promise<Value>): Promise<Value> {
    const life = this.#life;
    try {
      return await work;
    } finally {
      // biome-ignore lint/correctness/noUnsafeFinally: whatever came of it, it is nobody's any more.
      if (life !== this.#life) throw new GoneError();
    }
  }

  /** Whoever was here left: nothing that is on its way arrives. */
  endLife(): void {
    this.#life += 1;
  }

  /** Whether there is another token to try: from another tab, or from a fresh signature. */
  async #isKnownAnew(stale: string | null): Promise<boolean> {
    if (this.identity.recall() || this.identity.token !== stale) return this.identity.token !== null;
    if (await this.identity.renew(stale)) return true;
    this.onUnknown();
    return false;
  }
}

// Calls in the visitor's name. What comes back after the visitor left is nobody's any more.

import { type Answer, type Api, type Call, is } from "./api";
import type { Identity } from "./identity";

/** The visitor left while an answer was on its way. */
export class GoneError extends Error {}

export class Calls {
  #life = 0;

  constructor(
    private readonly api: Api,
    private readonly identity: Identity,
    private readonly onUnknown: () => void,
  ) {}

  /** Whoever was here left: nothing that is on its way arrives. */
  endLife(): void {
    this.#life += 1;
  }

  /** Wait for something that only counts while the same visitor is here. */
  async within<Value>(work: Promise<Value>): Promise<Value> {
    const life = this.#life;
    const value = await work;
    if (life !== this.#life) throw new GoneError();
    return value;
  }

  async ask<Value>(method: string, path: string, call: Call = {}): Promise<Answer<Value>> {
    const { token } = this.identity;
    const answer = await this.within(this.api.ask<Value>(method, path, { ...call, token }));
    if (!is(answer.problem, "unauthorized")) return answer;
    if (!(await this.within(this.#knownAnew(token)))) return answer;
    return this.within(this.api.ask<Value>(method, path, { ...call, token: this.identity.token }));
  }

  /** Whether there is another token to try: from another tab, or from a fresh signature. */
  async #knownAnew(stale: string | null): Promise<boolean> {
    if (this.identity.token !== stale) return true;
    if (this.identity.recall()) return this.identity.token !== null;
    if (this.identity.canRenew && !(await this.identity.renew(stale)).problem) return true;
    this.onUnknown();
    return false;
  }
}

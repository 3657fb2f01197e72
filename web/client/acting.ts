// Doing what was asked for, all of it in one way: what was refused becomes part of the state.

import { type Method, Refused, refusal, UNREACHABLE } from "./api";
import { GoneError } from "./calls";
import type { Ground } from "./ground";
import { refresh } from "./refresh";
import type { Act } from "./state";
import type { Stay } from "./stay";
import type { SessionView } from "./wire";

export class Acting {
  constructor(
    private readonly ground: Ground,
    private readonly stay: Stay,
  ) {}

  /** Of the session that is shown: an earlier one, or the present. */
  get path(): string {
    const { past, session } = this.ground.screen.state;
    return `/v1/sessions/${(past?.session ?? session)?.id}`;
  }

  /** What came of it; null where it was refused, or whoever asked has left. */
  async do<Value>(act: Act, work: () => Promise<Value>): Promise<Value | null> {
    const { screen } = this.ground;
    screen.set({ problem: null });
    try {
      return await work();
    } catch (error) {
      if (error instanceof GoneError) return null;
      if (!(error instanceof Refused)) throw error;
      this.stay.trouble(act, error);
      // What was refused was asked of a session that is not what it seemed to be.
      if (error.problem.status === 409) refresh(this.ground).catch(() => undefined);
      return null;
    }
  }

  /** Ask something of the session; the answer is the session after it. */
  async command(act: Act, tail: string, body?: object): Promise<void> {
    const { calls } = this.ground;
    await this.do(act, async () => this.stay.enter(await calls.post<SessionView>(`${this.path}/${tail}`, body)));
  }

  /** Something of the chat to keep. */
  fetch<Value>(act: Act, method: Method, path: string): Promise<Value | null> {
    return this.do(act, () => this.ground.calls.call<Value>(method, path, method === "POST" ? {} : undefined));
  }

  async change(act: Act, method: Method, path: string, body: object): Promise<void> {
    await this.rarely(act, (rare) => rare.change(this.ground, method, path, body));
  }

  /** Do what few ever ask for, by a part that is fetched for it. */
  rarely<Value>(act: Act, work: (rare: typeof import("./rare")) => Promise<Value>): Promise<Value | null> {
    return this.do(act, async () => work(await import("./rare").catch(unreachable)));
  }
}

/** A part of ours that cannot be fetched is no different from a server that cannot be reached. */
function unreachable(): never {
  throw refusal(UNREACHABLE);
}

// Doing what was asked for, all of it in one way: what was refused becomes part of the state.

import { type Method, Refused, refusal } from "./api";
import { GoneError } from "./calls";
import type { Ground } from "./ground";
import { change } from "./rare";
import { refresh } from "./refresh";
import type { Act } from "./state";
import type { Stay } from "./stay";
import type { SessionView } from "./wire";

export class Acting {
  constructor(
    private readonly ground: Ground,
    private readonly stay: Stay,
  ) {}

  /** Of the session that is shown, an earlier one or the present; refused where there is none. */
  get path(): string {
    const { past, session } = this.ground.screen.state;
    const shown = past?.session ?? session;
    if (!shown) throw refusal("no_session", 0, "There is no chat yet.");
    return `/v1/sessions/${shown.id}`;
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

  /** Something to keep: of the session, where `path` is only the tail of one. */
  fetch<Value>(act: Act, method: Method, path: string): Promise<Value | null> {
    const body = method === "POST" ? {} : undefined;
    return this.do(act, () => this.ground.calls.call<Value>(method, this.#whole(path), body));
  }

  async change(act: Act, method: Method, path: string, body: object): Promise<void> {
    await this.do(act, async () => change(this.ground, method, this.#whole(path), body));
  }

  #whole(path: string): string {
    return path.startsWith("/") ? path : `${this.path}/${path}`;
  }
}

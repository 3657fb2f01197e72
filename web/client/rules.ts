// What an inbox asks of its visitors, whoever they are: asked for until it is known.

import { Refused } from "./api";
import { GoneError } from "./calls";
import type { Ground } from "./ground";
import { Pause } from "./retry";
import type { WidgetConfig } from "./wire";

export class Rules {
  readonly #pause: Pause;
  #isOver = false;

  constructor(
    private readonly ground: Ground,
    private readonly inbox: string,
  ) {
    this.#pause = new Pause(ground.browser);
  }

  async learn(): Promise<void> {
    const { calls, screen } = this.ground;
    while (!this.#isOver && !screen.state.config) {
      try {
        screen.set({ config: await calls.get<WidgetConfig>(`/v1/inboxes/${this.inbox}/widget`) });
      } catch (error) {
        // Whoever left has no use for them; whoever comes has.
        if (error instanceof GoneError) continue;
        if (!(error instanceof Refused)) throw error;
        if (!error.mayPass) return screen.set({ problem: { ...error.problem, act: "start" } });
        await this.#pause.next(error.retryMs);
      }
    }
  }

  hurry(): void {
    this.#pause.hurry();
  }

  stop(): void {
    this.#isOver = true;
    this.#pause.stop();
  }
}

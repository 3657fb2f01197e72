// The part that keeps a running chat up to date: fetched as soon as there is one, for nobody needs it before.

import type { Refused } from "./api";
import type { Following } from "./following";
import type { Ground } from "./ground";
import type { Link } from "./state";

export class Live {
  #following: Following | null = null;
  #isLoading = false;

  constructor(
    private readonly ground: Ground,
    private readonly onOver: (why: Refused, token: string | null) => void,
  ) {}

  /** Follow the session that is shown. */
  async begin(): Promise<void> {
    const { screen } = this.ground;
    if (!this.#following) {
      if (this.#isLoading) return;
      this.#isLoading = true;
      try {
        const { Following } = await import("./following");
        this.#following = new Following(this.ground, this.onOver);
      } catch {
        screen.set({ link: "offline" });
      } finally {
        this.#isLoading = false;
      }
    }
    await this.#following?.begin();
  }

  stop(): void {
    this.#following?.stop();
  }

  /** The network is back, or somebody looks: try at once. */
  hurry(): void {
    if (this.#following) this.#following.hurry();
    else if (this.ground.screen.state.session) void this.begin();
  }

  heard(link: Link): void {
    this.#following?.heard(link);
  }

  tellWhole(): void {
    this.#following?.tellWhole();
  }
}

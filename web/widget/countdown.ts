// How long the chat stays open after a warning: seen every second, said seldom.

/** When it is said again, in seconds before the end. */
export const SAID_AT: readonly number[] = [30, 10];

/** Calls `tick` every full second until the end, and `say` once at each of the seconds above. */
export class Countdown {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #endsAt: string | null = null;
  #saidAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly leftMs: () => number | null,
    private readonly tick: (leftMs: number) => void,
    private readonly say: (leftMs: number) => void,
  ) {}

  /** Count towards this end, or towards none; the same end again changes nothing. Whether it is a new one. */
  aim(endsAt: string | null): boolean {
    if (endsAt === this.#endsAt) return false;
    this.#endsAt = endsAt;
    this.#saidAt = Number.POSITIVE_INFINITY;
    clearTimeout(this.#timer);
    if (endsAt) this.#count(true);
    return endsAt !== null;
  }

  /** The first time somebody else says it, and all that is due. */
  #count(isFirst = false): void {
    const leftMs = this.leftMs();
    if (leftMs === null) return;
    this.tick(leftMs);
    const seconds = Math.ceil(leftMs / 1_000);
    const due = SAID_AT.findLast((each) => seconds <= each && seconds > 0);
    if (due !== undefined && due < this.#saidAt) {
      if (!isFirst) this.say(leftMs);
      this.#saidAt = due;
    }
    if (leftMs > 0) this.#timer = setTimeout(() => this.#count(), leftMs % 1_000 || 1_000);
  }
}

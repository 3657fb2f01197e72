// One tab of the browser holds the stream. It lets go whenever it is put away: a page in the back/forward cache would
// otherwise keep its lock for ever.

import type { Browser, Locks } from "./browser";

/** How often the leader says that it is alive. */
export const BEAT_MS = 10_000;
/** A visible tab that has heard nothing for so long takes over. */
export const SILENT_MS_MAX = 20_000;

export interface LeaderOptions {
  readonly browser: Browser;
  readonly name: string;
  /** This tab holds the stream from now on, or no longer. */
  readonly onChange: (isLeader: boolean) => void;
  /** Tell the other tabs that the leader is alive. */
  readonly beat: () => void;
}

export class Leader {
  #isLeader = false;
  #heardAt: number;
  #release: (() => void) | null = null;
  #wish: AbortController | null = null;
  #cancelTick: () => void = () => undefined;
  readonly #listeners: (() => void)[];

  constructor(private readonly options: LeaderOptions) {
    const { browser } = options;
    this.#heardAt = browser.now();
    const away = () => this.#stepBack();
    const back = () => {
      this.heard();
      this.#stand(false);
    };
    this.#listeners = [
      browser.on("pagehide", away),
      browser.on("freeze", away),
      browser.on("pageshow", back),
      browser.on("resume", back),
      browser.on("visibilitychange", () => this.#look()),
    ];
    this.#stand(false);
    this.#tick();
  }

  get isLeader(): boolean {
    return this.#isLeader;
  }

  /** Another tab leads, and is alive. */
  heard(): void {
    this.#heardAt = this.options.browser.now();
  }

  close(): void {
    for (const stop of this.#listeners) stop();
    this.#cancelTick();
    this.#stepBack();
  }

  /** Ask to lead: wait in line, or take over from a leader that is silent. */
  #stand(steal: boolean): void {
    const { locks } = this.options.browser;
    if (!locks) this.#look();
    else if (!this.#isLeader && (!this.#wish || steal)) this.#request(locks, steal);
  }

  #request(locks: Locks, steal: boolean): void {
    this.#wish?.abort();
    const wish = new AbortController();
    this.#wish = wish;
    const held = () =>
      new Promise<void>((resolve) => {
        if (wish.signal.aborted) return resolve();
        this.#release = resolve;
        this.#lead(true);
      });
    // A lock cannot be stolen and waited for at once.
    locks.request(this.options.name, steal ? { steal } : { signal: wish.signal }, held).then(
      () => undefined,
      () => this.#lost(wish),
    );
  }

  /** The lock was stolen, or the wish withdrawn. */
  #lost(wish: AbortController): void {
    if (this.#wish !== wish || wish.signal.aborted) return;
    this.#wish = null;
    this.#release = null;
    this.#lead(false);
    this.heard();
    this.#stand(false);
  }

  #stepBack(): void {
    this.#wish?.abort();
    this.#wish = null;
    this.#release?.();
    this.#release = null;
    this.#lead(false);
  }

  /** Without locks whoever is seen leads. With them, whoever is seen takes over from the silent. */
  #look(): void {
    const { browser } = this.options;
    if (!browser.locks) this.#lead(browser.isVisible());
    else if (!this.#isLeader && browser.isVisible() && browser.now() - this.#heardAt >= SILENT_MS_MAX)
      this.#stand(true);
  }

  #lead(isLeader: boolean): void {
    if (isLeader === this.#isLeader) return;
    this.#isLeader = isLeader;
    if (isLeader) this.options.beat();
    this.options.onChange(isLeader);
  }

  #tick(): void {
    this.#cancelTick = this.options.browser.after(BEAT_MS, () => {
      if (this.#isLeader) this.options.beat();
      else this.#look();
      this.#tick();
    });
  }
}

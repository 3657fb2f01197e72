// The state of this tab, who watches it, and how the other tabs come to the same.

import { type News, reduce } from "./reduce";
import { NOTHING, type State } from "./state";
import type { Tabs } from "./tabs";
import type { SessionView } from "./wire";

type Facts = Extract<News, { type: "set" }>["facts"];

export class Screen {
  #state: State = NOTHING;
  readonly #watchers = new Set<(state: State) => void>();

  constructor(
    private readonly tabs: Tabs,
    readonly now: () => number,
  ) {}

  get state(): State {
    return this.#state;
  }

  watch(watcher: (state: State) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Take in news that are for this tab alone. */
  take(news: News): void {
    const next = reduce(this.#state, news);
    if (next === this.#state) return;
    this.#state = next;
    for (const watcher of [...this.#watchers]) watcher(next);
  }

  set(facts: Facts): void {
    this.take({ type: "set", facts });
  }

  /** Take in news that every tab with this session wants. */
  share(news: News): void {
    this.take(news);
    this.tabs.tell({ kind: "news", session: this.#state.session?.id, news });
  }

  /** Show a session, the same or another one, as the server describes it. */
  view(session: SessionView): void {
    this.take({ type: "viewed", session, nowMs: this.now() });
  }
}

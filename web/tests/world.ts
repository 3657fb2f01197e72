// A browser that lives in a test: tabs that share a storage, locks and channels, and can be hidden, put away and killed.

import type { Area, Browser, Channel, Locks, PageEvent, PageListener } from "../client/browser";
import { LockTable } from "./locks";

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface WorldOptions {
  readonly fetch: Fetch;
  /** Time passes by itself; else only by `advance`. */
  readonly realTime?: boolean;
  readonly hasLocks?: boolean;
  readonly storage?: "kept" | "refused" | "full";
}

/** Everything the tabs of one browser share. */
export class World {
  readonly kept = new Map<string, string>();
  readonly tabs = new Set<Tab>();
  readonly locks = new LockTable();
  readonly requests: { readonly method: string; readonly path: string; readonly body: string }[] = [];
  now = 1_700_000_000_000;
  isOnline = true;
  #ids = 0;
  #timers: { readonly at: number; readonly call: () => void }[] = [];

  constructor(readonly options: WorldOptions) {}

  open(): Tab {
    const tab = new Tab(this);
    this.tabs.add(tab);
    return tab;
  }

  nextId(): string {
    this.#ids += 1;
    return `id${this.#ids}${this.options.realTime ? Math.random().toString(16).slice(2) : ""}`;
  }

  after(ms: number, call: () => void): () => void {
    if (this.options.realTime) {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    }
    const timer = { at: this.now + ms, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Let time pass, step by step, with everything that happens on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.now + ms;
    await settled();
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.now = Math.max(this.now, next.at);
      next.call();
      await settled();
    }
    this.now = end;
  }

  setOnline(isOnline: boolean): void {
    this.isOnline = isOnline;
    for (const tab of this.tabs) tab.emit(isOnline ? "online" : "offline");
  }

  /** The visitor clears the site's data. */
  clearStorage(): void {
    this.kept.clear();
    for (const tab of this.tabs) tab.emit("storage", { key: null });
  }

  fetch(url: string, init: RequestInit): Promise<Response> {
    const path = url.replace(/^https?:\/\/[^/]+/, "");
    this.requests.push({ method: init.method ?? "GET", path, body: typeof init.body === "string" ? init.body : "" });
    return this.isOnline ? this.options.fetch(url, init) : Promise.reject(new TypeError("Failed to fetch"));
  }
}

/** Let everything happen that needs no time. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 25; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

export class Tab implements Browser {
  readonly locks: Locks | null;
  isSeen = true;
  isAway = false;
  /** Thrown out of the back/forward cache: by a word to a channel that it left open. */
  isEvicted = false;
  /** What other tabs say does not arrive. */
  isDeaf = false;
  readonly #listeners = new Map<PageEvent, Set<PageListener>>();
  readonly #channels = new Map<string, Set<TabChannel>>();
  readonly #requests = new Set<AbortController>();
  /** What was due while the page stood still. */
  #frozen: (() => unknown)[] = [];

  constructor(readonly world: World) {
    this.locks =
      world.options.hasLocks === false
        ? null
        : { request: (name, options, held) => world.locks.request(this, name, options, held) };
  }

  fetch = (url: string, init: RequestInit): Promise<Response> => {
    const killed = new AbortController();
    this.#requests.add(killed);
    const signal = init.signal ? AbortSignal.any([init.signal, killed.signal]) : killed.signal;
    return this.world.fetch(url, { ...init, signal });
  };

  storage = (): Area | null => {
    if (this.world.options.storage === "refused") throw new DOMException("Access is denied.", "SecurityError");
    const { kept } = this.world;
    const tell = (key: string) => {
      for (const tab of this.world.tabs) if (tab !== this) queueMicrotask(() => tab.emit("storage", { key }));
    };
    return {
      get length() {
        return kept.size;
      },
      key: (index) => [...kept.keys()][index] ?? null,
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => {
        if (this.world.options.storage === "full") throw new DOMException("Full.", "QuotaExceededError");
        kept.set(key, value);
        tell(key);
      },
      removeItem: (key) => {
        if (kept.delete(key)) tell(key);
      },
    };
  };

  channel = (name: string): Channel => {
    const channel = new TabChannel(this, name);
    const open = this.#channels.get(name) ?? new Set();
    this.#channels.set(name, open.add(channel));
    return channel;
  };

  hear(name: string, from: TabChannel, message: unknown): void {
    if (this.isDeaf) return;
    for (const channel of this.#channels.get(name) ?? []) {
      if (channel === from || !channel.onmessage) continue;
      if (this.isAway) this.isEvicted = true;
      else channel.onmessage({ data: message });
    }
  }

  now = (): number => (this.world.options.realTime ? Date.now() : this.world.now);
  random = (): number => 0.5;
  id = (): string => this.world.nextId();
  after = (ms: number, call: () => void): (() => void) => {
    let isCancelled = false;
    const cancel = this.world.after(ms, () => {
      if (this.isAway) this.#frozen.push(() => isCancelled || call());
      else call();
    });
    return () => {
      isCancelled = true;
      cancel();
    };
  };
  isVisible = (): boolean => this.isSeen;
  isOnline = (): boolean => this.world.isOnline;
  page = (): string => "https://shop.example/socks";

  on = (event: PageEvent, listener: PageListener): (() => void) => {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  };

  emit(event: PageEvent, detail: { readonly key?: string | null } = {}): void {
    if (this.isAway && event !== "pageshow") return;
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(detail);
  }

  hide(): void {
    this.isSeen = false;
    this.emit("visibilitychange");
  }

  show(): void {
    this.isSeen = true;
    this.emit("visibilitychange");
  }

  /** The page goes into the back/forward cache: its timers stand still, its locks stay what they are. */
  putAway(): void {
    this.emit("pagehide");
    this.isAway = true;
  }

  comeBack(): void {
    this.isAway = false;
    this.emit("pageshow");
    for (const call of this.#frozen.splice(0)) call();
  }

  /** The tab is gone in the middle of whatever it did: its requests break off, its locks are free. */
  kill(): void {
    this.isAway = true;
    this.world.tabs.delete(this);
    for (const request of this.#requests) request.abort();
    this.world.locks.drop(this);
  }
}

class TabChannel implements Channel {
  onmessage: Channel["onmessage"] = null;

  constructor(
    private readonly tab: Tab,
    private readonly name: string,
  ) {}

  postMessage(message: unknown): void {
    const copy = structuredClone(message);
    // Later than storage events, as in browsers.
    setImmediate(() => {
      for (const tab of this.tab.world.tabs) if (tab !== this.tab) tab.hear(this.name, this, copy);
    });
  }

  close(): void {
    this.onmessage = null;
  }
}

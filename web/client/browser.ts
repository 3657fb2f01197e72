// Everything the client needs of a browser, so that it runs where there is none: in tests, in Node, in a worker.

/** What `localStorage` can do. */
export interface Area {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** What `BroadcastChannel` can do. */
export interface Channel {
  onmessage: ((message: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** What Web Locks can do. */
export interface Locks {
  request(
    name: string,
    options: { readonly signal?: AbortSignal; readonly steal?: boolean },
    held: () => Promise<unknown>,
  ): Promise<unknown>;
}

export type PageEvent =
  | "online"
  | "offline"
  | "pagehide"
  | "pageshow"
  | "freeze"
  | "resume"
  | "visibilitychange"
  | "storage";
/** `key` is what a storage event is about; null means everything. */
export type PageListener = (event: { readonly key?: string | null }) => void;

export interface Browser {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** May throw: merely reading `localStorage` does, where it is refused. */
  storage(): Area | null;
  readonly locks: Locks | null;
  channel(name: string): Channel | null;
  now(): number;
  random(): number;
  /** A new id that nobody can guess. */
  id(): string;
  /** Call once after so many milliseconds; the returned function prevents it. */
  after(ms: number, call: () => void): () => void;
  isVisible(): boolean;
  isOnline(): boolean;
  /** The address of the page, for the messages written on it. */
  page(): string | null;
  on(event: PageEvent, listener: PageListener): () => void;
}

/** The browser this runs in. */
export function thisBrowser(): Browser {
  return {
    fetch: (url, init) => fetch(url, init),
    storage: () => globalThis.localStorage ?? null,
    locks: mayKeep() ? ((navigator.locks as unknown as Locks | undefined) ?? null) : null,
    channel: (name) => (typeof BroadcastChannel === "undefined" ? null : (new BroadcastChannel(name) as Channel)),
    now: () => Date.now(),
    random: () => Math.random(),
    // Not randomUUID: that one is missing on pages without TLS.
    id: () =>
      Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(""),
    after: (ms, call) => {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
    isVisible: () => document.visibilityState === "visible",
    isOnline: () => navigator.onLine,
    page: () => location.href,
    on: (event, listener) => {
      const target = event === "visibilitychange" || event === "freeze" || event === "resume" ? document : window;
      target.addEventListener(event, listener as EventListener);
      return () => target.removeEventListener(event, listener as EventListener);
    },
  };
}

/** Where nothing may be kept, locks are there and refused. */
function mayKeep(): boolean {
  try {
    return !!globalThis.localStorage;
  } catch {
    return false;
  }
}

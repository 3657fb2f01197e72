// Who listens to what, on the page's side.

import type { EventName } from "./news";

export type Listener = (detail: unknown) => void;

export class Events {
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(private readonly host: HTMLElement) {}

  on(name: string, listener: Listener): () => void {
    const all = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, all.add(listener));
    return () => all.delete(listener);
  }

  once(name: string, listener: Listener): () => void {
    const stop = this.on(name, (detail) => {
      stop();
      listener(detail);
    });
    return stop;
  }

  off(name: string, listener?: Listener): void {
    if (listener) this.#listeners.get(name)?.delete(listener);
    else this.#listeners.delete(name);
  }

  /** Tell the page; a listener that fails is the page's own trouble, and told to it as such. */
  tell(name: EventName, detail: unknown): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(detail);
      } catch (error) {
        reportError(error);
      }
    }
    this.host.dispatchEvent(new CustomEvent(`chat:${name}`, { detail, bubbles: true, composed: true }));
  }
}

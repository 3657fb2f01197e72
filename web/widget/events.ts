// Who listens to what, on the page's side.

import type { EventName } from "./news";

export type Listener = (detail: unknown) => void;

export class Events {
  /** By the event's name, what is called for each listener. */
  readonly #listeners = new Map<string, Map<Listener, Listener>>();

  constructor(private readonly host: HTMLElement) {}

  on(name: string, listener: Listener, call = listener): () => void {
    const all = this.#listeners.get(name) ?? new Map<Listener, Listener>();
    this.#listeners.set(name, all.set(listener, call));
    return () => all.delete(listener);
  }

  once(name: string, listener: Listener): () => void {
    const stop = this.on(name, listener, (detail) => {
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
    for (const call of [...(this.#listeners.get(name)?.values() ?? [])]) {
      try {
        call(detail);
      } catch (error) {
        reportError(error);
      }
    }
    this.host.dispatchEvent(new CustomEvent(`chat:${name}`, { detail, bubbles: true, composed: true }));
  }
}

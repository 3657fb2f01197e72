// What outlives the page, under one prefix. Every access may fail: then it lasts as long as the page does.

import type { Area } from "./browser";

export class Shelf {
  readonly #memory = new Map<string, string | null>();

  /** `refused` is told as soon as something could not be kept. */
  constructor(
    private readonly prefix: string,
    private readonly area: () => Area | null,
    private readonly refused: () => void,
  ) {}

  get<Value>(key: string): Value | null {
    const kept = this.#memory.get(key);
    const text = kept !== undefined ? kept : this.#guarded((area) => area.getItem(this.prefix + key));
    try {
      return text ? (JSON.parse(text) as Value) : null;
    } catch {
      return null;
    }
  }

  set(key: string, value: unknown): void {
    const text = JSON.stringify(value);
    this.#write(key, text, (area) => area.setItem(this.prefix + key, text));
  }

  drop(key: string): void {
    this.#write(key, null, (area) => area.removeItem(this.prefix + key));
  }

  /** The keys that begin so, in no order. */
  keys(start: string): string[] {
    const full = this.prefix + start;
    const kept =
      this.#guarded((area) =>
        Array.from({ length: area.length }, (_, index) => area.key(index) ?? "")
          .filter((key) => key.startsWith(full))
          .map((key) => key.slice(this.prefix.length)),
      ) ?? [];
    const here = [...this.#memory.keys()].filter((key) => key.startsWith(start));
    return [...new Set([...kept, ...here])].filter((key) => this.#memory.get(key) !== null);
  }

  /** Which of our keys a key of the whole area is; null if it is somebody else's. */
  own(key: string): string | null {
    return key.startsWith(this.prefix) ? key.slice(this.prefix.length) : null;
  }

  #write(key: string, text: string | null, write: (area: Area) => void): void {
    const wrote = this.#guarded((area) => {
      write(area);
      return true;
    });
    if (wrote) this.#memory.delete(key);
    else this.#memory.set(key, text);
  }

  #guarded<Value>(access: (area: Area) => Value): Value | null {
    try {
      const area = this.area();
      if (area) return access(area);
    } catch {
      // Refused, full or gone: the memory has it.
    }
    this.refused();
    return null;
  }
}

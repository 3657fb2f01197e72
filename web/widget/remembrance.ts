// What the widget itself remembers: whether it was open in this tab, and what the visitor agreed to in this browser.

export class Remembrance {
  constructor(private readonly inbox: string) {}

  get wasOpen(): boolean {
    return this.#guarded(() => sessionStorage.getItem(this.#key("ui")) === "open") ?? false;
  }

  set wasOpen(isOpen: boolean) {
    this.#guarded(() => {
      if (isOpen) sessionStorage.setItem(this.#key("ui"), "open");
      else sessionStorage.removeItem(this.#key("ui"));
    });
  }

  /** Whether somebody chatted in this browser before. */
  get hasChat(): boolean {
    return this.#guarded(() => localStorage.getItem(this.#key("v")) !== null) ?? false;
  }

  /** When the visitor agreed to these words; an agreement counts for no others. */
  agreedAt(text?: string): string | null {
    const agreed = this.#guarded(() => JSON.parse(localStorage.getItem(this.#key("c")) ?? "null"));
    return agreed && (text === undefined || agreed.text === text) ? agreed.at : null;
  }

  agree(text: string, at: string): void {
    this.#guarded(() => localStorage.setItem(this.#key("c"), JSON.stringify({ text, at })));
  }

  /** Somebody else may be next. */
  forget(): void {
    this.#guarded(() => localStorage.removeItem(this.#key("c")));
  }

  #key(name: string): string {
    return `cs:${this.inbox}:${name}`;
  }

  /** Storage may be refused, and reading it alone may throw. */
  #guarded<Value>(access: () => Value): Value | null {
    try {
      return access();
    } catch {
      return null;
    }
  }
}

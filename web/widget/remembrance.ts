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

  /** An agreement counts for the words it was given to. */
  agreedTo(text: string): boolean {
    return this.#guarded(() => localStorage.getItem(this.#key("c")) === text) ?? false;
  }

  agree(text: string): void {
    this.#guarded(() => localStorage.setItem(this.#key("c"), text));
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

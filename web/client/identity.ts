// Who the visitor is, in every tab at once. Before somebody else shows, nothing of the one before is left.

import { type Ask, refusal } from "./api";
import type { Browser } from "./browser";
import type { Exclusively } from "./exclusive";
import type { Proof, Who } from "./state";
import type { Shelf } from "./storage";
import type { NewVisitor, VisitorGranted } from "./wire";

interface Known {
  readonly who: Who;
  readonly token: string;
  /** Of the signed identity; null for an anonymous visitor. */
  readonly subject: string | null;
}

const VISITOR = "v";
/** Changes whenever somebody leaves: so that a cleared storage can be told from a visitor who left. */
const ERA = "g";

export class Identity {
  #known: Known | null = null;
  /** Undefined until the storage was read for the first time. */
  #era: string | null | undefined;
  #proof: Proof | null = null;

  constructor(
    private readonly ask: Ask,
    private readonly browser: Browser,
    private readonly shelf: Shelf,
    private readonly exclusively: Exclusively,
    private readonly inbox: string,
    /** Nothing of the visitor may stay on the screen; where it was `here` that they left, in the storage neither. */
    private readonly onLeft: (here: boolean) => void,
  ) {}

  get token(): string | null {
    return this.#known?.token ?? null;
  }

  get who(): Who | null {
    return this.#known?.who ?? null;
  }

  get isSigned(): boolean {
    return !!this.who?.identified;
  }

  /** Whether the website says who is here. */
  get isTrusting(): boolean {
    return this.#proof !== null;
  }

  /** Whether the storage was cleared under a running chat: nobody left, and nobody is remembered. */
  get isForgotten(): boolean {
    return this.#known !== null && this.shelf.get(VISITOR) === null && this.shelf.get(ERA) === null;
  }

  /** Remember how the website proves who is here, for when it is needed. */
  trust(proof: Proof): void {
    // Who left before is not who is trusted now.
    if (this.#era !== undefined) this.recall();
    this.#proof = proof;
  }

  /** Take over what the browser remembers; whether that is somebody else than before. */
  recall(): boolean {
    const before = this.token;
    const era = this.shelf.get<string>(ERA);
    // Left in another tab, whose word is slower than the storage.
    const hasLeft = this.#era !== undefined && era !== null && era !== this.#era;
    this.#era = era ?? this.#era ?? null;
    this.#known = this.shelf.get<Known>(VISITOR);
    if (hasLeft) {
      this.#proof = null;
      this.onLeft(false);
    }
    return before !== this.token;
  }

  /** Write down again who is here. */
  writeAgain(): void {
    if (this.#known) this.#keep(this.#known);
  }

  /** Be somebody: whoever is remembered, else whoever the website signed, else a new anonymous visitor. */
  ensure(): Promise<void> {
    return this.#exclusively(async () => {
      if (!this.#known) await (this.#proof ? this.#sign(null) : this.#comeIn({}, null));
    });
  }

  /** Become whom the website signed. The same person again changes nothing; a different one starts with nothing. */
  identify(): Promise<void> {
    return this.#exclusively(() => this.#sign(this.#known));
  }

  /** Become whoever made a link for it; whoever was here leaves. */
  follow(secret: string): Promise<void> {
    return this.#exclusively(async () => {
      if (this.#known) this.forget();
      await this.#comeIn({ resume: secret }, null);
    });
  }

  /** Get a fresh token for the same person, whose chats stay; whether there is one. */
  renew(stale: string | null): Promise<boolean> {
    return this.#exclusively(async () => {
      if (this.token === stale && typeof this.#proof === "function") await this.#sign(null).catch(() => undefined);
      return this.token !== null && this.token !== stale;
    });
  }

  /** Nobody is here any more: first on this machine, whatever the server says to it. */
  forget(): void {
    this.#era = this.browser.id();
    this.shelf.set(ERA, this.#era);
    this.drop();
    this.onLeft(true);
  }

  /** The token is worth nothing any more. */
  drop(): void {
    this.#known = null;
    this.shelf.drop(VISITOR);
  }

  async logout(): Promise<void> {
    this.recall();
    const { token } = this;
    this.#proof = null;
    this.forget();
    if (token) await this.ask("POST", "/v1/visitors/me/logout", {}, token);
  }

  #exclusively<Value>(work: () => Promise<Value>): Promise<Value> {
    return this.exclusively("id", () => {
      this.recall();
      return work();
    });
  }

  async #sign(known: Known | null): Promise<void> {
    const jwt = await signed(this.#proof);
    const subject = subjectOf(jwt);
    if (known && known.subject === subject) return;
    if (known?.subject) this.forget();
    await this.#comeIn({ jwt }, subject, this.token);
  }

  /** `before`: the anonymous token of the same person until now, whose chat may go along. */
  async #comeIn(body: NewVisitor, subject: string | null, before: string | null = null): Promise<void> {
    const granted = await this.ask<VisitorGranted>("POST", `/v1/inboxes/${this.inbox}/visitors`, body, before);
    const faster = this.shelf.get<Known>(VISITOR);
    // Without locks another tab may have come in meanwhile: then both are that one.
    if (faster && faster.token !== before && faster.subject === subject) this.#known = faster;
    else {
      const { token, ...who } = granted;
      this.#keep({ who, token, subject });
    }
  }

  #keep(known: Known): void {
    this.#known = known;
    this.shelf.set(VISITOR, known);
  }
}

/** What the website signed. */
async function signed(proof: Proof | null): Promise<string> {
  try {
    return (typeof proof === "function" ? await proof() : proof) ?? "";
  } catch {
    throw refusal("unsigned");
  }
}

/** Whom a signed identity is about; whether that is true is the server's to say. */
function subjectOf(jwt: string): string | null {
  try {
    return JSON.parse(atob((jwt.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/"))).sub;
  } catch {
    return null;
  }
}

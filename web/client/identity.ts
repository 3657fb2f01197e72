// Who the visitor is, in every tab at once. Before somebody else shows, nothing of the one before is left.

import { type Answer, type Api, troubleOf } from "./api";
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
const UNSIGNED = troubleOf("unsigned", "The website could not say who is here.");
/** Changes whenever somebody leaves: so that a cleared storage can be told from a visitor who left. */
const ERA = "g";

export class Identity {
  #known: Known | null = null;
  /** Undefined until the storage was read for the first time. */
  #era: string | null | undefined;
  #proof: Proof | null = null;

  constructor(
    private readonly api: Api,
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
    return this.#known?.subject != null;
  }

  get canRenew(): boolean {
    return typeof this.#proof === "function";
  }

  /** Take over what the browser remembers; whether that is somebody else than before. */
  recall(): boolean {
    const before = this.#known?.token;
    const era = this.shelf.get<string>(ERA);
    // Left in another tab, whose word is slower than the storage.
    const hasLeft = this.#era !== undefined && era !== null && era !== this.#era;
    this.#era = era ?? this.#era ?? null;
    this.#known = this.shelf.get<Known>(VISITOR);
    if (hasLeft) this.onLeft(false);
    return before !== this.#known?.token;
  }

  /** Whether the storage was cleared under a running chat: nobody left, and nobody is remembered. */
  isForgotten(): boolean {
    return this.#known !== null && this.shelf.get(VISITOR) === null && this.shelf.get(ERA) === null;
  }

  /** Whether a key is about who is here. */
  isOwn(key: string | null): boolean {
    return key === VISITOR || key === ERA;
  }

  /** Write down again who is here: the storage was cleared under a running chat. */
  writeAgain(): void {
    if (this.#known) this.#keep(this.#known);
  }

  /** Whether the website says who is here. */
  get isTrusting(): boolean {
    return this.#proof !== null;
  }

  /** Be somebody: whoever is remembered, else whoever the website signed, else a new anonymous visitor. */
  async ensure(): Promise<Answer<Who>> {
    return this.exclusively("id", async () => {
      this.recall();
      if (this.#known) return { value: this.#known.who, problem: null };
      return this.#proof ? this.#sign(null) : this.#comeIn({}, null);
    });
  }

  /** Remember how the website proves who is here, for when it is needed. */
  trust(proof: Proof): void {
    this.#proof = proof;
  }

  /** Become whom the website signed. The same person again changes nothing; a different one starts with nothing. */
  async identify(): Promise<Answer<Who>> {
    return this.exclusively("id", async () => {
      this.recall();
      return this.#sign(this.#known);
    });
  }

  /** Get a fresh token for the same person; what was open stays. */
  async renew(stale: string | null): Promise<Answer<Who>> {
    return this.exclusively("id", async () => {
      this.recall();
      if (this.#known && this.#known.token !== stale) return { value: this.#known.who, problem: null };
      return this.#sign(null);
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
    const { token } = this;
    this.#proof = null;
    this.forget();
    if (token) await this.api.ask("POST", "/v1/visitors/me/logout", { token });
  }

  async #sign(known: Known | null): Promise<Answer<Who>> {
    const jwt = await signed(this.#proof);
    if (!jwt) return { value: null, problem: UNSIGNED, retryMs: 0 };
    if (known && known.subject === subjectOf(jwt)) return { value: known.who, problem: null };
    const isSomebodyElse = known !== null && known.subject !== null;
    if (isSomebodyElse) this.forget();
    return this.#comeIn({ jwt }, isSomebodyElse ? null : this.token);
  }

  async #comeIn(body: NewVisitor, token: string | null): Promise<Answer<Who>> {
    const answer = await this.api.ask<VisitorGranted>("POST", `/v1/inboxes/${this.inbox}/visitors`, { body, token });
    if (answer.problem) return answer;
    const faster = this.shelf.get<Known>(VISITOR);
    const subject = body.jwt ? subjectOf(body.jwt) : null;
    // Without locks another tab may have come in meanwhile: then both are that one.
    if (faster && faster.token !== token && faster.subject === subject) this.#known = faster;
    else {
      const { token: fresh, ...who } = answer.value;
      this.#keep({ who, token: fresh, subject });
    }
    return { value: this.who as Who, problem: null };
  }

  #keep(known: Known): void {
    this.#known = known;
    this.shelf.set(VISITOR, known);
    if (this.#era) this.shelf.set(ERA, this.#era);
  }
}

/** What the website signed; null where it could not. */
async function signed(proof: Proof | null): Promise<string | null> {
  try {
    return typeof proof === "function" ? await proof() : proof;
  } catch {
    return null;
  }
}

/** Whom a signed identity is about; whether that is true is the server's to say. */
function subjectOf(jwt: string): string | null {
  try {
    const payload = (jwt.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    return JSON.parse(atob(payload)).sub ?? null;
  } catch {
    return null;
  }
}

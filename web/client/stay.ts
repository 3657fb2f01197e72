// A visitor's stay: beginning, coming back, being recognised, leaving; the same in every tab.

import { Refused } from "./api";
import { DRAFT, keptDraft } from "./draft";
import type { Following } from "./following";
import type { Ground } from "./ground";
import type { Outbox } from "./outbox";
import { OPENING, type Sending } from "./sending";
import type { Act } from "./state";
import type { TabNews } from "./tabs";
import type { SessionList, SessionView } from "./wire";

/** The session this browser is in, and how far it was read. */
interface Remembered {
  readonly id: string;
  readonly readTo: number;
}

const SESSION = "s";

interface StayParts {
  readonly ground: Ground;
  readonly outbox: Outbox;
  readonly following: () => Following;
  readonly sending: () => Sending;
}

export class Stay {
  constructor(private readonly parts: StayParts) {}

  /** Take up what this browser remembers; somebody new leaves no trace by that. */
  async begin(): Promise<void> {
    const { ground, sending } = this.parts;
    const { identity, screen, shelf } = ground;
    identity.recall();
    screen.set({ draft: screen.state.draft || keptDraft(shelf, screen.now()), who: identity.who });
    try {
      await (identity.isTrusting ? this.becomeSigned() : this.#comeBack());
    } finally {
      sending().resume();
    }
  }

  /** Be whom the website signed; the chat at hand goes along where the inbox allows that. */
  async becomeSigned(): Promise<void> {
    const { identity, screen, tabs } = this.parts.ground;
    const before = identity.token;
    await identity.identify();
    if (identity.token === before && screen.state.session) return;
    tabs.tell({ kind: "changed" });
    await this.#came();
  }

  /** Be whoever made the link, in their chat. */
  async becomeLinked(secret: string): Promise<void> {
    const { identity, tabs } = this.parts.ground;
    await identity.follow(secret);
    tabs.tell({ kind: "changed" });
    await this.#came();
  }

  /** Show a session in all tabs, and remember it. */
  enter(session: SessionView): void {
    const { screen, tabs } = this.parts.ground;
    screen.view(session);
    tabs.tell({ kind: "entered", session });
    this.remember();
    void this.parts.following().begin();
  }

  remember(): void {
    const { screen, shelf } = this.parts.ground;
    const { session, readTo } = screen.state;
    if (session) shelf.set(SESSION, { id: session.id, readTo } satisfies Remembered);
  }

  /** Nothing of the visitor stays here; where they left in this tab, neither in the storage nor in other tabs. */
  left(here: boolean): void {
    const { ground, outbox, following } = this.parts;
    ground.calls.endLife();
    following().stop();
    if (here) {
      outbox.clear();
      for (const key of [DRAFT, SESSION, OPENING]) ground.shelf.drop(key);
      ground.tabs.tell({ kind: "changed" });
    }
    ground.screen.take({ type: "left" });
  }

  /** The token is worth nothing: somebody who was signed is gone; of anybody else the words stay. */
  unknown(): void {
    const { identity, screen } = this.parts.ground;
    if (identity.isSigned) identity.forget();
    else {
      identity.drop();
      screen.set({ who: null });
      this.#lose();
    }
  }

  /** The session cannot be followed any more with this token. */
  async over(why: Refused, token: string | null): Promise<void> {
    const { identity } = this.parts.ground;
    if (why.is("not_found", "erased")) this.#lose();
    else if (!why.is("unauthorized", "revoked")) this.trouble("start", why);
    // Whoever revoked it may be one of us, somebody else by now.
    else if (token) {
      if (await identity.renew(token)) await this.#came().catch(() => undefined);
      else if (token === identity.token) this.unknown();
    }
  }

  trouble(act: Act, { problem }: Refused): void {
    this.parts.ground.screen.set({ problem: { ...problem, act } });
  }

  /** The storage changed under us; a key of null means all of it. */
  stored(key: string | null): void {
    const { screen, shelf } = this.parts.ground;
    const own = key === null ? null : shelf.own(key);
    // The word of another tab is not heard by one that only begins to listen.
    const pending = own && this.parts.outbox.at(own);
    if (pending) screen.take({ type: "queued", pending });
    else if (key === null || own) this.look();
  }

  /** See who is here by what is stored; where that was cleared, nobody left. */
  look(): void {
    const { identity } = this.parts.ground;
    if (identity.isForgotten) {
      identity.writeAgain();
      this.remember();
    } else this.#changed();
  }

  heard(news: TabNews): void {
    const { identity, screen } = this.parts.ground;
    switch (news.kind) {
      case "news":
        if (news.session === screen.state.session?.id) screen.take(news.news);
        break;
      case "entered":
        identity.recall();
        if (identity.who?.id !== news.session.visitor) break;
        screen.set({ who: identity.who });
        screen.view(news.session);
        void this.parts.following().begin();
        break;
      case "beat":
        this.parts.following().heard(news.link);
        break;
      case "whole":
        this.parts.following().tellWhole();
        break;
      case "changed":
        this.#changed();
    }
  }

  /** Somebody came or left in another tab. */
  #changed(): void {
    const { identity, screen } = this.parts.ground;
    const { token } = identity;
    if (!identity.recall()) return;
    screen.set({ who: identity.who });
    if (token && identity.token) this.#came().catch(() => undefined);
  }

  /** Show the chat the visitor was in: in this browser or, for somebody who is known, in another one. */
  async #comeBack(): Promise<void> {
    const { calls, identity, screen, shelf } = this.parts.ground;
    if (!identity.token) return;
    const kept = shelf.get<Remembered>(SESSION);
    if (kept) {
      screen.set({ readTo: kept.readTo });
      await this.#show(kept.id);
      return;
    }
    const { sessions } = await calls.get<SessionList>("/v1/visitors/me/sessions");
    const current = sessions.find(({ phase }) => phase === "open") ?? sessions[0];
    if (current && current.phase !== "archived") this.enter(current);
  }

  /** Show a session, if it is the visitor's. */
  async #show(id: string): Promise<boolean> {
    try {
      this.enter(await this.parts.ground.calls.get<SessionView>(`/v1/sessions/${id}`));
      return true;
    } catch (error) {
      if (!(error instanceof Refused && error.is("not_found"))) throw error;
      this.#lose();
      return false;
    }
  }

  /** Somebody is known now: the chat at hand is theirs, or everything of it leaves. */
  async #came(): Promise<void> {
    const { ground, outbox } = this.parts;
    const { identity, screen, shelf } = ground;
    screen.set({ who: identity.who });
    const { session } = screen.state;
    if (session && (await this.#show(session.id))) return;
    if (session) {
      outbox.clear();
      shelf.drop(DRAFT);
      screen.take({ type: "left" });
      screen.set({ who: identity.who });
    }
    await this.#comeBack();
  }

  /** The session is gone; what was written and not sent stays. */
  #lose(): void {
    const { ground, following, sending } = this.parts;
    ground.shelf.drop(SESSION);
    following().stop();
    ground.screen.take({ type: "lost" });
    sending().flush();
  }
}

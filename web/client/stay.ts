// A visitor's stay: beginning, coming back, being recognised, leaving; the same in every tab.

import { type Answer, is } from "./api";
import { DRAFT, keptDraft } from "./draft";
import type { Exclusively } from "./exclusive";
import type { Following, Ground } from "./following";
import type { Outbox } from "./outbox";
import { OPENING, type Sending } from "./sending";
import type { WidgetConfig } from "./state";
import type { Shelf } from "./storage";
import type { TabNews } from "./tabs";
import type { Problem, SessionList, SessionView } from "./wire";

/** The session this browser is in, and how far it was read. */
interface Remembered {
  readonly id: string;
  readonly readTo: number;
}

const SESSION = "s";

export class Stay {
  #following: Following | null = null;
  #sending: Sending | null = null;

  constructor(
    private readonly ground: Ground,
    private readonly shelf: Shelf,
    private readonly outbox: Outbox,
    private readonly exclusively: Exclusively,
    private readonly inbox: string,
  ) {}

  attend(following: Following, sending: Sending): void {
    this.#following = following;
    this.#sending = sending;
  }

  /** Take up what this browser remembers; somebody new leaves no trace by that. */
  async begin(): Promise<Answer<unknown> | null> {
    const { identity, screen } = this.ground;
    identity.recall();
    screen.set({ draft: screen.state.draft || keptDraft(this.shelf, screen.now()), who: identity.who });
    void this.#configure();
    const answer = identity.isTrusting ? await this.becomeSigned() : await this.#comeBack();
    this.#sending?.resume();
    return answer;
  }

  /** Be whom the website signed; the chat at hand goes along where the inbox allows that. */
  async becomeSigned(): Promise<Answer<unknown> | null> {
    const { identity, screen, tabs } = this.ground;
    const before = identity.token;
    const answer = await identity.identify();
    if (answer.problem) return answer;
    if (identity.token === before && screen.state.session) return null;
    tabs()?.tell({ kind: "came" });
    return this.#came();
  }

  /** Show a session in all tabs, and remember it. */
  enter(session: SessionView): void {
    this.ground.screen.enter(session);
    this.remember();
    void this.#following?.begin();
  }

  remember(): void {
    const { session, readTo } = this.ground.screen.state;
    if (session) this.shelf.set(SESSION, { id: session.id, readTo } satisfies Remembered);
  }

  /** Nothing of the visitor stays here; where they left in this tab, neither in the storage nor in other tabs. */
  left(here: boolean): void {
    const { calls, screen, tabs } = this.ground;
    calls.endLife();
    this.#following?.stop();
    if (here) {
      this.outbox.clear();
      for (const key of [DRAFT, SESSION, OPENING]) this.shelf.drop(key);
      tabs()?.tell({ kind: "left" });
    }
    screen.take({ type: "left" });
  }

  /** The token is worth nothing: somebody who was signed is gone; of anybody else the words stay. */
  unknown(): void {
    const { identity, screen } = this.ground;
    if (identity.isSigned) {
      identity.forget();
      return;
    }
    identity.drop();
    screen.set({ who: null });
    this.#lose();
  }

  /** The session cannot be followed any more. */
  async over(problem: Problem): Promise<void> {
    const { identity, screen } = this.ground;
    if (is(problem, "not_found") || problem.code === "erased") return this.#lose();
    if (!is(problem, "unauthorized") && problem.code !== "revoked")
      return screen.set({ problem: { ...problem, act: "start" } });
    const { token } = identity;
    // Whoever revoked it may be one of us, about to be somebody else.
    const isNew = await this.exclusively("id", async () => identity.recall());
    if (isNew && identity.token) await this.#came();
    else if (identity.token === token && token) this.unknown();
  }

  /** The storage changed under us. */
  stored(key: string | null): void {
    const { identity, screen } = this.ground;
    if (identity.isForgotten()) {
      identity.writeAgain();
      this.remember();
      return;
    }
    if (key !== null && !identity.isOwn(this.shelf.own(key))) return;
    const { token } = identity;
    if (!identity.recall()) return;
    if (token && identity.token) void this.#came();
    else screen.set({ who: identity.who });
  }

  heard(news: TabNews): void {
    const { identity, screen } = this.ground;
    switch (news.kind) {
      case "news":
        if (news.session === (screen.state.session?.id ?? null)) screen.take(news.news);
        return;
      case "entered":
        identity.recall();
        if (identity.who?.id !== news.session.visitor) return;
        screen.set({ who: identity.who });
        screen.view(news.session);
        void this.#following?.begin();
        return;
      case "beat":
        this.#following?.heard(news.link);
        return;
      case "whole":
        this.#following?.tellWhole();
        return;
      case "left":
        identity.recall();
        return;
      case "came":
        if (identity.recall()) void this.#came();
    }
  }

  async #configure(): Promise<void> {
    const { calls, screen } = this.ground;
    const answer = await calls.ask<WidgetConfig>("GET", `/v1/inboxes/${this.inbox}/widget`).catch(() => null);
    if (answer?.value) screen.set({ config: answer.value });
  }

  /** Show the chat the visitor was in: in this browser or, for somebody who is known, in another one. */
  async #comeBack(): Promise<Answer<unknown> | null> {
    const { calls, identity, screen } = this.ground;
    if (!identity.token) return null;
    const kept = this.shelf.get<Remembered>(SESSION);
    if (!kept) return this.#comeBackFromElsewhere();
    screen.set({ readTo: kept.readTo });
    const answer = await calls.ask<SessionView>("GET", `/v1/sessions/${kept.id}`);
    if (answer.value) this.enter(answer.value);
    else if (is(answer.problem, "not_found")) this.#lose();
    return answer;
  }

  async #comeBackFromElsewhere(): Promise<Answer<unknown>> {
    const answer = await this.ground.calls.ask<SessionList>("GET", "/v1/visitors/me/sessions");
    const open = answer.value?.sessions.find((session) => session.phase === "open");
    if (open) this.enter(open);
    return answer;
  }

  /** Somebody is known now: the session at hand is theirs, or it leaves the screen. */
  async #came(): Promise<Answer<unknown> | null> {
    const { calls, identity, screen } = this.ground;
    screen.set({ who: identity.who });
    const { session } = screen.state;
    if (!session) return this.#comeBack();
    const answer = await calls.ask<SessionView>("GET", `/v1/sessions/${session.id}`);
    if (answer.value) this.enter(answer.value);
    if (!is(answer.problem, "not_found")) return answer;
    this.outbox.clear();
    this.shelf.drop(DRAFT);
    screen.set({ draft: "" });
    for (const { clientId } of screen.state.pending) screen.share({ type: "discarded", clientId });
    this.#lose();
    return this.#comeBack();
  }

  /** The session is gone; what was written and not sent stays. */
  #lose(): void {
    this.shelf.drop(SESSION);
    this.#following?.stop();
    this.ground.screen.take({ type: "lost" });
    this.#sending?.flush();
  }
}

// What was written gets to the server, in order, once, whatever happens to this page.

import { type Answer, is, mayPass } from "./api";
import type { Exclusively } from "./exclusive";
import type { Ground } from "./following";
import type { Outbox } from "./outbox";
import { Pause, retryMs } from "./retry";
import type { Pending, SendOptions, State } from "./state";
import type { Shelf } from "./storage";
import type { Json, MessageAccepted, MessageIn, OpenedSession, OpenRequest, Problem } from "./wire";

/** The key of an opening, shared by all tabs: two that open at once open one session. */
export const OPENING = "n";

interface SendingParts {
  readonly ground: Ground;
  readonly shelf: Shelf;
  readonly outbox: Outbox;
  readonly exclusively: Exclusively;
  readonly inbox: string;
  readonly metadata: () => Readonly<Record<string, Json>>;
  readonly onEntered: (session: OpenedSession) => void;
}

export class Sending {
  readonly #pause: Pause;
  #isRunning = false;
  #isAskedAgain = false;
  #failures = 0;

  constructor(private readonly parts: SendingParts) {
    this.#pause = new Pause(parts.ground.browser);
  }

  /** Write first, then send. */
  send(text: string, { parts = [], thread }: SendOptions): void {
    const { browser, screen } = this.parts.ground;
    const { session, pending } = screen.state;
    const last = Math.max(0, ...pending.map((each) => each.at));
    this.#queue({
      clientId: browser.id(),
      text,
      parts,
      thread: thread ?? null,
      page: browser.page(),
      at: Math.max(browser.now(), last + 1),
      session: session?.phase === "open" ? session.id : null,
      status: "queued",
      seq: null,
      problem: null,
    });
  }

  /** Send again what failed or was held: where the visitor is now, or where the server lets them in. */
  retry(clientId: string): void {
    const kept = this.parts.outbox.get(clientId);
    const { session } = this.parts.ground.screen.state;
    if (kept)
      this.#queue({ ...kept, status: "queued", problem: null, session: session?.phase === "open" ? session.id : null });
  }

  discard(clientId: string): void {
    this.parts.outbox.remove(clientId);
    this.parts.ground.screen.share({ type: "discarded", clientId });
  }

  /** Show what was written earlier, or in other tabs, and get it on its way. */
  resume(): void {
    for (const pending of this.parts.outbox.all()) this.parts.ground.screen.take({ type: "queued", pending });
    this.flush();
  }

  hurry(): void {
    this.#pause.hurry();
  }

  stop(): void {
    this.#pause.stop();
  }

  /** Send everything that waits. */
  flush(): void {
    this.#isAskedAgain = true;
    if (!this.#isRunning) void this.#run();
  }

  /** Come in without a message. */
  async open(wish: OpenRequest["on_return"]): Promise<Answer<OpenedSession>> {
    return this.parts.exclusively("send", () => this.#open(wish ? { on_return: wish } : {}));
  }

  #queue(pending: Pending): void {
    this.parts.outbox.put(pending);
    this.parts.ground.screen.share({ type: "queued", pending });
    this.flush();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    try {
      while (this.#isAskedAgain) {
        this.#isAskedAgain = false;
        const waitMs = await this.parts.exclusively("send", () => this.#sendAll());
        if (waitMs === null) continue;
        this.#isAskedAgain = true;
        this.#failures += 1;
        const jitterMs = retryMs(this.parts.ground.browser.random(), this.#failures);
        await this.parts.ground.calls.within(this.#pause.wait(waitMs || jitterMs, waitMs > 0));
      }
    } catch {
      // The visitor left meanwhile, and took what was written along.
    } finally {
      this.#isRunning = false;
    }
  }

  /** Null once nothing waits any more; else when to go on (0: soon). */
  async #sendAll(): Promise<number | null> {
    for (;;) {
      const next = this.parts.outbox.all().find((each) => each.status === "queued");
      if (!next) return null;
      const waitMs = await this.#send(next);
      if (waitMs !== null) return waitMs;
      this.#failures = 0;
    }
  }

  async #send(pending: Pending): Promise<number | null> {
    const { screen, calls, identity } = this.parts.ground;
    const who = await calls.within(identity.ensure());
    if (who.problem) return mayPass(who.problem) ? who.retryMs : this.#keep(pending, "failed", who.problem);
    screen.set({ who: who.value });
    const target = targetOf(pending, screen.state);
    if (target === "elsewhere") return this.#keep(pending, "held", null);
    screen.take({ type: "queued", pending: { ...pending, status: "sending" } });
    const answer = await this.#deliver(messageOf(pending), target);
    if (answer.problem) return this.#refused(pending, answer.problem, answer.retryMs);
    this.parts.outbox.remove(pending.clientId);
    screen.share({ type: "accepted", clientId: pending.clientId, seq: answer.value.seq });
    return null;
  }

  async #deliver(message: MessageIn, session: string | null): Promise<Answer<MessageAccepted>> {
    if (session) return this.parts.ground.calls.ask("POST", `/v1/sessions/${session}/messages`, { body: message });
    const answer = await this.#open({ message });
    return answer.problem ? answer : { value: answer.value.message as MessageAccepted, problem: null };
  }

  async #open(body: OpenRequest): Promise<Answer<OpenedSession>> {
    const { calls, identity, screen } = this.parts.ground;
    const who = await calls.within(identity.ensure());
    if (who.problem) return who;
    screen.set({ who: who.value });
    const client_id = this.parts.shelf.get<string>(OPENING) ?? this.parts.ground.browser.id();
    this.parts.shelf.set(OPENING, client_id);
    const opening: OpenRequest = { ...body, client_id, metadata: this.parts.metadata() };
    const answer = await calls.ask<OpenedSession>("POST", `/v1/inboxes/${this.parts.inbox}/sessions`, {
      body: opening,
    });
    if (answer.problem) return answer;
    this.parts.shelf.drop(OPENING);
    this.parts.onEntered(answer.value);
    return answer;
  }

  #refused(pending: Pending, problem: Problem, waitMs: number): number | null {
    if (mayPass(problem)) {
      this.parts.ground.screen.take({ type: "queued", pending });
      return waitMs;
    }
    const isOver = is(problem, "session_closed", "session_archived", "not_found");
    return this.#keep(pending, isOver ? "held" : "failed", problem);
  }

  #keep(pending: Pending, status: "held" | "failed", problem: Problem | null): null {
    const kept: Pending = { ...pending, status, problem };
    this.parts.outbox.put(kept);
    this.parts.ground.screen.share({ type: "queued", pending: kept });
    return null;
  }
}

/** Where a message belongs: a session, an opening (null), or a session that is not the present one. */
function targetOf({ session }: Pending, state: State): string | null | "elsewhere" {
  const open = state.session?.phase === "open" ? state.session.id : null;
  if (session === null) return open;
  return session === state.session?.id ? session : "elsewhere";
}

function messageOf({ text, parts, clientId, page, thread }: Pending): MessageIn {
  return {
    text,
    client_id: clientId,
    ...(parts.length && { parts }),
    ...(page && { page }),
    ...(thread && { thread }),
  };
}

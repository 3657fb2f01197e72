// What was written gets to the server, in order, once, whatever happens to this page.

import { Refused } from "./api";
import { GoneError } from "./calls";
import type { Exclusively } from "./exclusive";
import type { Ground } from "./ground";
import type { Pending } from "./items";
import type { Outbox } from "./outbox";
import { Pause } from "./retry";
import type { SendOptions } from "./state";
import type { Json, MessageAccepted, MessageIn, OpenedSession, OpenRequest } from "./wire";

/** The key of an opening, shared by all tabs: two that open at once open one session. */
export const OPENING = "n";

interface SendingParts {
  readonly ground: Ground;
  readonly outbox: Outbox;
  readonly exclusively: Exclusively;
  readonly inbox: string;
  readonly metadata: () => Readonly<Record<string, Json>>;
  readonly onEntered: (session: OpenedSession) => void;
}

export class Sending {
  readonly #pause: Pause;
  /** Nothing goes out before it is known who is here. */
  #isReady = false;
  #isRunning = false;
  #isAskedAgain = false;
  #isOver = false;

  constructor(private readonly parts: SendingParts) {
    this.#pause = new Pause(parts.ground.browser);
  }

  /** Write first, then send. */
  send(text: string, { parts = [], thread }: SendOptions): void {
    const { browser, screen } = this.parts.ground;
    const last = Math.max(0, ...screen.state.pending.map(({ at }) => at));
    this.#queue({
      clientId: browser.id(),
      text,
      parts,
      thread: thread ?? null,
      page: browser.page(),
      at: Math.max(browser.now(), last + 1),
      session: this.#openSession,
      status: "queued",
      seq: null,
      problem: null,
    });
  }

  /** Send again what failed or was held: where the visitor is now, or where the server lets them in. */
  retry(clientId: string): void {
    const kept = this.parts.outbox.get(clientId);
    if (kept) this.#queue({ ...kept, status: "queued", problem: null, session: this.#openSession });
  }

  discard(clientId: string): void {
    this.parts.outbox.remove(clientId);
    this.parts.ground.screen.share({ type: "discarded", clientId });
  }

  /** Show what was written earlier, or in other tabs, and get it on its way. */
  resume(): void {
    this.#isReady = true;
    for (const pending of this.parts.outbox.all()) this.parts.ground.screen.take({ type: "queued", pending });
    this.flush();
  }

  /** The network is back, or somebody looks: try at once. */
  hurry(): void {
    this.#pause.hurry();
  }

  /** Nothing goes out of this tab any more; what waits stays in the outbox. */
  stop(): void {
    this.#isOver = true;
    this.#pause.stop();
  }

  /** Send everything that waits. */
  flush(): void {
    this.#isAskedAgain = true;
    if (this.#isReady && !this.#isRunning && !this.#isOver) void this.#run();
  }

  /** Come in, without a message of its own. */
  open(wish: Pick<OpenRequest, "on_return"> = {}): Promise<OpenedSession> {
    return this.parts.exclusively("send", () => this.#open(wish));
  }

  get #openSession(): string | null {
    const { session } = this.parts.ground.screen.state;
    return session?.phase === "open" ? session.id : null;
  }

  #queue(pending: Pending): void {
    this.parts.outbox.put(pending);
    this.parts.ground.screen.share({ type: "queued", pending });
    this.flush();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#isAskedAgain && !this.#isOver) {
      this.#isAskedAgain = false;
      try {
        await this.parts.exclusively("send", () => this.#sendAll());
      } catch (error) {
        // Who left took along what was written.
        if (error instanceof GoneError) break;
        if (!(error instanceof Refused)) throw error;
        this.#isAskedAgain = true;
        await this.#pause.next(error.retryMs);
      }
    }
    this.#isRunning = false;
  }

  async #sendAll(): Promise<void> {
    for (;;) {
      const next = this.parts.outbox.all().find(({ status }) => status === "queued");
      if (!next || this.#isOver) return;
      await this.#send(next);
      this.#pause.succeeded();
    }
  }

  /** Send one message, or put it aside; raise what may pass. */
  async #send(pending: Pending): Promise<void> {
    const { ground, outbox } = this.parts;
    const { screen } = ground;
    const { clientId, session } = pending;
    // What was written in one chat does not slip into another.
    if (session && session !== screen.state.session?.id) return this.#setAside({ ...pending, status: "held" });
    screen.take({ type: "queued", pending: { ...pending, status: "sending" } });
    try {
      const accepted = await this.#deliver(messageOf(pending), session ?? this.#openSession);
      outbox.remove(clientId);
      screen.share({ type: "accepted", clientId, seq: accepted.seq });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      screen.take({ type: "queued", pending });
      if (error.mayPass) throw error;
      const isOver = error.is("session_closed", "session_archived", "not_found");
      this.#setAside({ ...pending, status: isOver ? "held" : "failed", problem: error.problem });
    }
  }

  async #deliver(message: MessageIn, session: string | null): Promise<MessageAccepted> {
    if (session) return this.parts.ground.calls.post(`/v1/sessions/${session}/messages`, message);
    return (await this.#open({ message })).message as MessageAccepted;
  }

  async #open(wish: OpenRequest): Promise<OpenedSession> {
    const { ground, inbox, metadata, onEntered } = this.parts;
    const { browser, calls, identity, screen, shelf } = ground;
    screen.set({ isStarting: true });
    try {
      await calls.within(identity.ensure());
      screen.set({ who: identity.who });
      const client_id = shelf.get<string>(OPENING) ?? browser.id();
      shelf.set(OPENING, client_id);
      const opening: OpenRequest = { ...wish, client_id, metadata: metadata() };
      const opened = await calls.post<OpenedSession>(`/v1/inboxes/${inbox}/sessions`, opening);
      shelf.drop(OPENING);
      onEntered(opened);
      return opened;
    } finally {
      screen.set({ isStarting: false });
    }
  }

  #setAside(pending: Pending): void {
    this.parts.outbox.put(pending);
    this.parts.ground.screen.share({ type: "queued", pending });
  }
}

function messageOf({ text, parts, clientId, page, thread }: Pending): MessageIn {
  return { text, parts, client_id: clientId, page, thread };
}

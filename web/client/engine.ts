// What runs a chat once somebody is there to have one: every wish of a view becomes a call.

import { Acting } from "./acting";
import { assemble, type Parts } from "./assemble";
import { keepDraft } from "./draft";
import type { MessagePart } from "./items";
import { continueThread, listEarlier, openEarlier, upload } from "./rare";
import { refresh } from "./refresh";
import type { Chat, ChatOptions, Proof, SendOptions, State, Verdict } from "./state";
import type { Json, QueueChoice, ResumeLinkMade } from "./wire";

export class Engine implements Chat {
  readonly #stops: (() => void)[] = [];
  readonly #parts: Parts;
  readonly #acting: Acting;
  #started: Promise<void> | null = null;

  constructor(options: ChatOptions) {
    this.#parts = assemble(options);
    this.#acting = new Acting(this.#parts.ground, this.#parts.stay);
  }

  getState(): State {
    return this.#parts.ground.screen.state;
  }

  subscribe(listener: (state: State) => void): () => void {
    return this.#parts.ground.screen.watch(listener);
  }

  start(): Promise<void> {
    this.#started ??= this.#begin();
    return this.#started;
  }

  destroy(): void {
    const { ground, following, rules, sending } = this.#parts;
    for (const stop of this.#stops) stop();
    rules.stop();
    ground.calls.endLife();
    following.stop();
    sending.stop();
    ground.tabs.close();
  }

  // Writing.

  async send(text: string, options: SendOptions = {}): Promise<void> {
    await this.#acting.do("send", async () => {
      const started = this.start();
      // Somebody else may turn out to be here: then the words are theirs.
      if (this.#parts.ground.identity.isTrusting) await started;
      this.#parts.stay.look();
      if (this.getState().draft.trim() === text) this.setDraft("");
      this.#parts.sending.send(text, options);
      await started;
    });
  }

  retry(clientId: string): void {
    this.#parts.sending.retry(clientId);
  }

  discard(clientId: string): void {
    this.#parts.sending.discard(clientId);
  }

  typing(): void {
    this.#parts.typing.sign();
  }

  setDraft(text: string): void {
    const { browser, screen, shelf } = this.#parts.ground;
    screen.set({ draft: text });
    if (this.#started) keepDraft(shelf, text, browser.now());
  }

  read(): void {
    const { session, head, readTo } = this.getState();
    if (!session || readTo === head) return;
    const { ground, stay } = this.#parts;
    ground.screen.share({ type: "read" });
    stay.remember();
    // A person who answers sees it; a bot does not look.
    if (session.floor === "agent") ground.calls.post(`${this.#acting.path}/read`, { seq: head }).catch(() => undefined);
  }

  upload(file: Blob & { readonly name: string }): Promise<MessagePart | null> {
    return this.#acting.do("upload", async () => {
      await this.#come();
      return upload(this.#parts.ground, file, file.name);
    });
  }

  // The session.

  keepOpen(): Promise<void> {
    return this.#acting.command("keepOpen", "keep-open");
  }

  close(): Promise<void> {
    return this.#acting.command("close", "close");
  }

  resume(): Promise<void> {
    return this.#acting.command("resume", "resume");
  }

  async startNew(): Promise<void> {
    await this.#acting.do("startNew", async () => {
      await this.start();
      await this.#parts.sending.open({ on_return: "new" });
    });
  }

  stop(): Promise<void> {
    return this.#acting.command("stop", "stop");
  }

  retryTurn(): Promise<void> {
    return this.#acting.command("retryTurn", "retry");
  }

  rate(verdict: Verdict): Promise<void> {
    const { rating, session } = this.getState();
    const part = verdict.part ?? "session";
    // The last word counts as a whole: what was said before is said again.
    const said = rating?.period === session?.period && rating?.part === part ? rating : null;
    const { score, solved, comment } = { ...said, ...verdict };
    return this.#acting.command("rate", "feedback", { score, solved, comment, part });
  }

  askHuman(note?: string): Promise<void> {
    return this.#acting.command("askHuman", "handoff", { note });
  }

  answerQueue(choice: QueueChoice): Promise<void> {
    return this.#acting.command("answerQueue", "queue-choice", { choice });
  }

  // Threads, context, history.

  chooseThread(thread: string): Promise<void> {
    return this.#acting.change("chooseThread", "PATCH", `/v1/threads/${thread}`, { current: true });
  }

  startThread(title?: string): Promise<void> {
    return this.#acting.change("startThread", "POST", "threads", { title });
  }

  async continueThread(thread: string, from: string): Promise<void> {
    await this.#acting.do("continueThread", async () => {
      await this.#come();
      await continueThread(this.#parts.ground, thread, from);
    });
  }

  async remember(): Promise<void> {
    await this.#acting.do("remember", () => refresh(this.#parts.ground));
  }

  forget(keys: readonly string[]): Promise<void> {
    return this.#acting.change("forget", "PATCH", "context", { unset: keys });
  }

  setContext(patch: Readonly<Record<string, Json>>): Promise<void> {
    return this.#acting.change("setContext", "PATCH", "context", { set: patch });
  }

  async listEarlier(): Promise<void> {
    await this.start();
    await this.#acting.do("listEarlier", () => listEarlier(this.#parts.ground));
  }

  async openEarlier(session: string | null): Promise<void> {
    const { ground } = this.#parts;
    if (session === null || session === this.getState().session?.id) ground.screen.set({ past: null });
    else await this.#acting.do("openEarlier", () => openEarlier(ground, `/v1/sessions/${session}`));
  }

  download(file: string): Promise<Blob | null> {
    return this.#acting.fetch("download", "GET", `/v1/files/${encodeURIComponent(file)}`);
  }

  downloadTranscript(): Promise<Blob | null> {
    return this.#acting.fetch("downloadTranscript", "GET", "transcript");
  }

  // Who is here.

  async linkElsewhere(): Promise<string | null> {
    const made = await this.#acting.fetch<ResumeLinkMade>("linkElsewhere", "POST", "resume-link");
    return made?.token ?? null;
  }

  async comeByLink(secret: string): Promise<void> {
    await this.#acting.do("comeByLink", async () => {
      await this.start();
      await this.#parts.stay.becomeLinked(secret);
    });
  }

  async identify(proof: Proof): Promise<void> {
    this.#parts.ground.identity.trust(proof);
    await this.#acting.do("identify", async () => {
      // Nobody is called and nothing is stored before the visitor acts: then it is said who they are.
      if (!this.#started) return;
      await this.#started;
      await this.#parts.stay.becomeSigned();
    });
  }

  async logout(): Promise<void> {
    await this.#acting.do("logout", () => this.#parts.ground.identity.logout());
  }

  async #begin(): Promise<void> {
    await this.#acting.do("start", () => {
      this.#listen();
      void this.#parts.rules.learn();
      return this.#parts.stay.begin();
    });
  }

  /** Be in a session that is open. */
  async #come(): Promise<void> {
    const { ground, sending } = this.#parts;
    await ground.calls.within(this.start());
    if (this.getState().session?.phase !== "open") await ground.calls.within(sending.open());
  }

  #listen(): void {
    const { ground, following, rules, sending, stay } = this.#parts;
    const { browser, tabs } = ground;
    tabs.connect((news) => stay.heard(news));
    const hurry = () => {
      following.hurry();
      sending.hurry();
      rules.hurry();
    };
    // Who was put away heard of nobody who came or left.
    const back = () => {
      stay.look();
      hurry();
    };
    this.#stops.push(
      browser.on("online", hurry),
      browser.on("pageshow", back),
      browser.on("visibilitychange", () => browser.isVisible() && back()),
      browser.on("storage", ({ key }) => stay.stored(key ?? null)),
    );
  }
}

// What runs a chat once somebody is there to have one: every wish of a view becomes a call.

import { type Method, Refused } from "./api";
import { assemble, type Parts } from "./assemble";
import { GoneError } from "./calls";
import { keepDraft } from "./draft";
import { refresh } from "./refresh";
import type { Act, Chat, ChatOptions, Proof, SendOptions, State, Verdict } from "./state";
import type { Json, QueueChoice, ResumeLinkMade, SessionView } from "./wire";

export class Engine implements Chat {
  readonly #stops: (() => void)[] = [];
  readonly #parts: Parts;
  #started: Promise<void> | null = null;

  constructor(options: ChatOptions) {
    this.#parts = assemble(options);
  }

  getState(): State {
    return this.#parts.ground.screen.state;
  }

  subscribe(listener: (state: State) => void): () => void {
    return this.#parts.ground.screen.watch(listener);
  }

  start(): Promise<void> {
    this.#started ??= this.#act("start", () => {
      this.#listen();
      return this.#parts.stay.begin();
    });
    return this.#started;
  }

  destroy(): void {
    const { ground, live, sending } = this.#parts;
    for (const stop of this.#stops) stop();
    ground.calls.endLife();
    live.stop();
    sending.stop();
    ground.tabs.close();
  }

  // Writing.

  send(text: string, options: SendOptions = {}): Promise<void> {
    return this.#act("send", async () => {
      await this.start();
      this.setDraft("");
      this.#parts.sending.send(text, options);
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
    if (session.floor === "agent") ground.calls.post(`${this.#path()}/read`, { seq: head }).catch(() => undefined);
  }

  upload(file: Blob & { readonly name: string }): Promise<void> {
    const { ground, sending } = this.#parts;
    return this.#rarely("upload", (rare) => rare.upload(ground, sending, this.#path(), file, file.name));
  }

  // The session.

  keepOpen(): Promise<void> {
    return this.#command("keepOpen", "keep-open");
  }

  close(): Promise<void> {
    return this.#command("close", "close");
  }

  resume(): Promise<void> {
    return this.#command("resume", "resume");
  }

  startNew(): Promise<void> {
    return this.#act("startNew", async () => {
      await this.start();
      await this.#parts.sending.open("new");
    });
  }

  stop(): Promise<void> {
    return this.#command("stop", "stop");
  }

  retryTurn(): Promise<void> {
    return this.#command("retryTurn", "retry");
  }

  rate(verdict: Verdict): Promise<void> {
    const { rating, session } = this.getState();
    const part = verdict.part ?? "session";
    // The last word counts as a whole: what was said before is said again.
    const said = rating?.period === session?.period && rating?.part === part ? rating : null;
    const { score, solved, comment } = { ...said, ...verdict };
    return this.#command("rate", "feedback", { score, solved, comment, part });
  }

  askHuman(note?: string): Promise<void> {
    return this.#command("askHuman", "handoff", { note });
  }

  answerQueue(choice: QueueChoice): Promise<void> {
    return this.#command("answerQueue", "queue-choice", { choice });
  }

  // Threads, context, history.

  chooseThread(thread: string): Promise<void> {
    return this.#change("chooseThread", "PATCH", `/v1/threads/${thread}`, { current: true });
  }

  startThread(title?: string): Promise<void> {
    return this.#change("startThread", "POST", `${this.#path()}/threads`, { title });
  }

  remember(): Promise<void> {
    return this.#act("remember", () => refresh(this.#parts.ground));
  }

  forget(keys: readonly string[]): Promise<void> {
    return this.#change("forget", "PATCH", `${this.#path()}/context`, { unset: keys });
  }

  setContext(patch: Readonly<Record<string, Json>>): Promise<void> {
    return this.#change("setContext", "PATCH", `${this.#path()}/context`, { set: patch });
  }

  async listEarlier(): Promise<void> {
    await this.start();
    await this.#rarely("listEarlier", (rare) => rare.listEarlier(this.#parts.ground));
  }

  async openEarlier(session: string | null): Promise<void> {
    const { ground } = this.#parts;
    if (session === null || session === this.getState().session?.id) ground.screen.set({ past: null });
    else await this.#rarely("openEarlier", (rare) => rare.openEarlier(ground, `/v1/sessions/${session}`));
  }

  download(file: string): Promise<Blob | null> {
    return this.#fetch("download", "GET", `/v1/files/${encodeURIComponent(file)}`);
  }

  downloadTranscript(): Promise<Blob | null> {
    return this.#fetch("downloadTranscript", "GET", `${this.#path()}/transcript`);
  }

  // Who is here.

  async linkElsewhere(): Promise<string | null> {
    const made = await this.#fetch<ResumeLinkMade>("linkElsewhere", "POST", `${this.#path()}/resume-link`);
    return made?.token ?? null;
  }

  comeByLink(secret: string): Promise<void> {
    return this.#act("comeByLink", async () => {
      await this.start();
      await this.#parts.stay.becomeLinked(secret);
    });
  }

  identify(proof: Proof): Promise<void> {
    this.#parts.ground.identity.trust(proof);
    return this.#act("identify", async () => {
      // Nobody is called and nothing is stored before the visitor acts: then it is said who they are.
      if (!this.#started) return;
      await this.#started;
      await this.#parts.stay.becomeSigned();
    });
  }

  logout(): Promise<void> {
    return this.#act("logout", () => this.#parts.ground.identity.logout());
  }

  #listen(): void {
    const { ground, live, sending, stay } = this.#parts;
    const { browser, tabs } = ground;
    tabs.connect((news) => stay.heard(news));
    const hurry = () => {
      live.hurry();
      sending.hurry();
    };
    this.#stops.push(
      browser.on("online", hurry),
      browser.on("pageshow", hurry),
      browser.on("visibilitychange", () => browser.isVisible() && hurry()),
      browser.on("storage", ({ key }) => stay.stored(key ?? null)),
    );
  }

  /** The session that is shown: an earlier one, or the present. */
  #path(): string {
    const { past, session } = this.getState();
    return `/v1/sessions/${(past?.session ?? session)?.id}`;
  }

  /** Ask something of the session; the answer is the session after it. */
  #command(act: Act, tail: string, body?: object): Promise<void> {
    const { ground, stay } = this.#parts;
    return this.#act(act, async () =>
      stay.enter(await ground.calls.post<SessionView>(`${this.#path()}/${tail}`, body)),
    );
  }

  /** Something of the chat to keep; null where it could not be had. */
  async #fetch<Value>(act: Act, method: Method, path: string): Promise<Value | null> {
    let found: Value | null = null;
    await this.#act(act, async () => {
      found = await this.#parts.ground.calls.call<Value>(method, path, method === "POST" ? {} : undefined);
    });
    return found;
  }

  #change(act: Act, method: Method, path: string, body: object): Promise<void> {
    return this.#rarely(act, (rare) => rare.change(this.#parts.ground, method, path, body));
  }

  #rarely(act: Act, work: (rare: typeof import("./rare")) => Promise<void>): Promise<void> {
    return this.#act(act, async () => work(await import("./rare")));
  }

  /** Do what was asked for; what was refused is part of the state. */
  async #act(act: Act, work: () => Promise<void>): Promise<void> {
    const { ground, stay } = this.#parts;
    ground.screen.set({ problem: null });
    try {
      await work();
    } catch (error) {
      if (error instanceof GoneError) return;
      if (!(error instanceof Refused)) throw error;
      stay.trouble(act, error);
      // What was refused was asked of a session that is not what it seemed to be.
      if (error.problem.status === 409) refresh(ground).catch(() => undefined);
    }
  }
}

// One chat in one inbox: every wish of a view becomes a call.

import type { Answer } from "./api";
import { assemble, type ChatOptions, type Parts } from "./assemble";
import { GoneError } from "./calls";
import { keepDraft } from "./draft";
import { pastOf } from "./past";
import type { Act, Chat, Proof, SendOptions, State, Verdict } from "./state";
import type { ContextChange, Json, Problem, QueueChoice, SessionList, SessionView } from "./wire";

export type { ChatOptions };

export function createChat(options: ChatOptions): Chat {
  return new Client(assemble(options));
}

class Client implements Chat {
  readonly #stops: (() => void)[] = [];
  #started: Promise<void> | null = null;

  constructor(private readonly parts: Parts) {}

  getState(): State {
    return this.parts.screen.state;
  }

  subscribe(listener: (state: State) => void): () => void {
    return this.parts.screen.watch(listener);
  }

  // Writing.

  start(): Promise<void> {
    this.#started ??= this.#act("start", () => {
      this.#listen();
      return this.parts.stay.begin();
    });
    return this.#started;
  }

  send(text: string, options: SendOptions = {}): Promise<void> {
    return this.#act("send", async () => {
      await this.start();
      this.setDraft("");
      this.parts.sending.send(text, options);
      return null;
    });
  }

  retry(clientId: string): void {
    this.parts.sending.retry(clientId);
  }

  discard(clientId: string): void {
    this.parts.sending.discard(clientId);
  }

  typing(): void {
    this.parts.typing.sign();
  }

  setDraft(text: string): void {
    this.parts.screen.set({ draft: text });
    if (this.#started) keepDraft(this.parts.shelf, text, this.parts.browser.now());
  }

  read(): void {
    const { session, head, readTo } = this.getState();
    if (!session || readTo === head) return;
    this.parts.screen.share({ type: "read" });
    this.parts.stay.remember();
  }

  upload(file: Blob & { readonly name: string }): Promise<void> {
    return this.#act("upload", async () => {
      const path = `${this.#path()}/files?name=${encodeURIComponent(file.name)}`;
      const answer = await this.parts.calls.ask<{ readonly id: string }>("POST", path, { body: file });
      if (!answer.problem) this.parts.sending.send("", { parts: [{ kind: "file", file: answer.value.id }] });
      return answer;
    });
  }

  // The session.

  keepOpen(): Promise<void> {
    return this.#command("keepOpen", "keep-open");
  }

  close(): Promise<void> {
    return this.#command("close", "close");
  }

  /** Take up the earlier chat that is shown, or the present one. */
  resume(): Promise<void> {
    const { past, session } = this.getState();
    return this.#command("resume", "resume", {}, past?.session ?? session);
  }

  startNew(): Promise<void> {
    return this.#act("startNew", async () => {
      await this.start();
      return this.parts.sending.open("new");
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
    const said = rating?.period === session?.period && rating?.part === (verdict.part ?? "session") ? rating : null;
    // The last word counts as a whole: what was said before is said again.
    const { score, solved, comment } = { ...said, ...verdict };
    return this.#command("rate", "feedback", { score, solved, comment, part: verdict.part });
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
    return this.#act("remember", () => this.parts.following.refresh());
  }

  forget(keys: readonly string[]): Promise<void> {
    return this.#change("forget", "PATCH", `${this.#path()}/context`, { unset: keys } satisfies ContextChange);
  }

  setContext(patch: Readonly<Record<string, Json>>): Promise<void> {
    return this.#change("setContext", "PATCH", `${this.#path()}/context`, { set: patch } satisfies ContextChange);
  }

  listEarlier(): Promise<void> {
    return this.#act("listEarlier", async () => {
      await this.start();
      const { calls, identity, screen } = this.parts;
      const answer = identity.token ? await calls.ask<SessionList>("GET", "/v1/visitors/me/sessions") : null;
      if (!answer?.problem) screen.set({ earlier: answer?.value.sessions ?? [] });
      return answer;
    });
  }

  openEarlier(session: string | null): Promise<void> {
    return this.#act("openEarlier", async () => {
      const { calls, screen } = this.parts;
      const isPast = session !== null && session !== this.getState().session?.id;
      const answer = isPast ? await pastOf(calls, session, screen.now()) : null;
      if (!answer?.problem) screen.set({ past: answer?.value ?? null });
      return answer;
    });
  }

  async downloadTranscript(): Promise<Blob | null> {
    let transcript: Blob | null = null;
    await this.#act("downloadTranscript", async () => {
      const session = (this.getState().past ?? this.getState()).session;
      const answer = await this.parts.calls.ask<Blob>("GET", `${this.#path(session)}/transcript`, { as: "blob" });
      transcript = answer.value;
      return answer;
    });
    return transcript;
  }

  // Who is here.

  identify(proof: Proof): Promise<void> {
    this.parts.identity.trust(proof);
    return this.#act("identify", async () => {
      // Nobody is called and nothing is stored before the visitor acts: then it is said who they are.
      if (!this.#started) return null;
      await this.#started;
      return this.parts.stay.becomeSigned();
    });
  }

  logout(): Promise<void> {
    return this.#act("logout", async () => {
      this.parts.identity.recall();
      await this.parts.identity.logout();
      return null;
    });
  }

  destroy(): void {
    for (const stop of this.#stops) stop();
    this.parts.calls.endLife();
    this.parts.following.end();
    this.parts.sending.stop();
    this.parts.disconnect();
  }

  #listen(): void {
    const { on, isVisible } = this.parts.browser;
    this.parts.connect();
    const hurry = () => {
      this.parts.following.hurry();
      this.parts.sending.hurry();
    };
    this.#stops.push(
      on("online", hurry),
      on("pageshow", hurry),
      on("visibilitychange", () => isVisible() && hurry()),
      on("storage", ({ key }) => this.parts.stay.stored(key ?? null)),
    );
  }

  #path(session: SessionView | null = this.getState().session): string {
    return `/v1/sessions/${session?.id}`;
  }

  /** Ask something of a session; the answer is the session after it. */
  #command(act: Act, tail: string, body: object = {}, session = this.getState().session): Promise<void> {
    return this.#act(act, async () => {
      const answer = await this.parts.calls.ask<SessionView>("POST", `${this.#path(session)}/${tail}`, { body });
      if (answer.problem) return answer;
      this.parts.stay.enter(answer.value);
      return answer;
    });
  }

  /** Change something about the session, and look at it again. */
  #change(act: Act, method: string, path: string, body: object): Promise<void> {
    return this.#act(act, async () => {
      const answer = await this.parts.calls.ask(method, path, { body });
      if (!answer.problem) await this.parts.following.refresh();
      return answer;
    });
  }

  /** Do what was asked for; what went wrong is part of the state. */
  async #act(act: Act, work: () => Promise<Answer<unknown> | null>): Promise<void> {
    if (this.getState().problem) this.parts.screen.set({ problem: null });
    try {
      const answer = await work();
      if (answer?.problem) this.#trouble(act, answer.problem);
    } catch (error) {
      if (!(error instanceof GoneError)) throw error;
    }
  }

  #trouble(act: Act, problem: Problem): void {
    this.parts.screen.set({ problem: { ...problem, act } });
    // What was refused was asked of a session that is not what it seemed to be.
    if (problem.status === 409) this.parts.following.refresh().catch(() => undefined);
  }
}

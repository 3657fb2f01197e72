// One chat in one inbox, before and after its engine is there: views draw, and visitors write, without waiting for it.

import { type Act, type Chat, type ChatOptions, NOTHING, type Proof, type SendOptions, type State } from "./state";

export type { ChatOptions };

/** Everything that is asked for by name, and waits for the engine. */
const ACTS: readonly Act[] = [
  "keepOpen",
  "close",
  "resume",
  "startNew",
  "stop",
  "retryTurn",
  "rate",
  "askHuman",
  "answerQueue",
  "chooseThread",
  "startThread",
  "continueThread",
  "listEarlier",
  "openEarlier",
  "remember",
  "forget",
  "setContext",
  "upload",
  "download",
  "downloadTranscript",
  "linkElsewhere",
  "comeByLink",
  "logout",
];

/** The chat of an inbox. Nothing is fetched before the visitor acts: then `fetchEngine` is called. */
export function createChat(options: ChatOptions, fetchEngine = () => import("./engine")): Chat {
  const door = new Door(options, fetchEngine);
  const acts = ACTS.map((act) => [act, (...args: unknown[]) => door.act(act, args)]);
  return Object.assign(door, Object.fromEntries(acts)) as Door & Chat;
}

class Door {
  readonly #watchers = new Set<(state: State) => void>();
  #engine: Chat | null = null;
  #loading: Promise<Chat> | null = null;
  #proof: Proof | null = null;
  #isOver = false;
  #state = NOTHING;

  constructor(
    private readonly options: ChatOptions,
    private readonly fetchEngine: () => Promise<typeof import("./engine")>,
  ) {}

  getState(): State {
    return this.#state;
  }

  subscribe(watcher: (state: State) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  start(): Promise<void> {
    return this.act("start", []) as Promise<void>;
  }

  async send(text: string, options?: SendOptions): Promise<void> {
    const engine = await this.#ready("send");
    // What was written is not lost because we could not be fetched.
    if (engine) await engine.send(text, options);
    else this.#show({ ...this.#state, draft: this.#state.draft || text });
  }

  /** Who is here matters once the visitor acts: until then nothing is fetched for it. */
  async identify(proof: Proof): Promise<void> {
    this.#proof = proof;
    if (this.#loading) await (await this.#ready("identify"))?.identify(proof);
  }

  setDraft(draft: string): void {
    if (this.#engine) this.#engine.setDraft(draft);
    else this.#show({ ...this.#state, draft });
  }

  retry(clientId: string): void {
    this.#engine?.retry(clientId);
  }

  discard(clientId: string): void {
    this.#engine?.discard(clientId);
  }

  typing(): void {
    this.#engine?.typing();
  }

  read(): void {
    this.#engine?.read();
  }

  destroy(): void {
    this.#isOver = true;
    this.#watchers.clear();
    this.#engine?.destroy();
  }

  async act(act: Act, args: readonly unknown[]): Promise<unknown> {
    const engine = await this.#ready(act);
    return engine && (engine[act] as (...args: readonly unknown[]) => unknown)(...args);
  }

  async #ready(act: Act): Promise<Chat | null> {
    if (this.#isOver) return null;
    try {
      this.#loading ??= this.#load();
      const engine = await this.#loading;
      // It may have been over while the engine was on its way.
      return this.#isOver ? null : engine;
    } catch {
      this.#loading = null;
      const problem = { type: "about:blank", title: "", status: 0, code: "unreachable", detail: "" };
      this.#show({ ...this.#state, problem: { ...problem, act } });
      return null;
    }
  }

  async #load(): Promise<Chat> {
    const { Engine } = await this.fetchEngine();
    const engine = new Engine(this.options);
    if (this.#isOver) return engine;
    if (this.#proof) await engine.identify(this.#proof);
    if (this.#state.draft) engine.setDraft(this.#state.draft);
    engine.subscribe((state) => this.#show(state));
    this.#engine = engine;
    this.#show(engine.getState());
    return engine;
  }

  #show(state: State): void {
    this.#state = Object.freeze(state);
    for (const watcher of [...this.#watchers]) watcher(state);
  }
}

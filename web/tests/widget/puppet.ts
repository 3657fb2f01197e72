// A chat without a server: its state is what a test says it is, and what was asked of it is written down.

import { type Chat, NOTHING, type State } from "../../client/state";

export interface Puppet extends Chat {
  /** Everything that was asked, in order: the act and its arguments. */
  readonly asked: readonly (readonly [string, ...unknown[]])[];
  become(state: Partial<State>): void;
}

const ACTS = [
  ...["start", "send", "keepOpen", "close", "resume", "startNew", "stop", "retryTurn", "rate", "askHuman"],
  ...["answerQueue", "chooseThread", "startThread", "listEarlier", "openEarlier", "remember", "forget"],
  ...["setContext", "upload", "identify", "logout", "comeByLink", "continueThread"],
] as const;
const ORDERS = ["retry", "discard", "typing", "read", "destroy"] as const;

export function puppet(first: Partial<State> = {}): Puppet {
  let state: State = { ...NOTHING, ...first };
  const asked: (readonly [string, ...unknown[]])[] = [];
  const watchers = new Set<(state: State) => void>();
  const become = (change: Partial<State>) => {
    state = { ...state, ...change };
    for (const watcher of [...watchers]) watcher(state);
  };
  const note =
    (name: string) =>
    (...args: unknown[]) =>
      void asked.push([name, ...args]);
  const promised =
    (name: string) =>
    async (...args: unknown[]) =>
      note(name)(...args);
  const acts = Object.fromEntries(ACTS.map((name) => [name, promised(name)]));
  const orders = Object.fromEntries(ORDERS.map((name) => [name, note(name)]));
  const own = {
    asked,
    become,
    getState: () => state,
    subscribe(watcher: (state: State) => void) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    setDraft(draft: string) {
      note("setDraft")(draft);
      become({ draft });
    },
    linkElsewhere: async () => "s3cret",
    download: async () => new Blob(["content"]),
    downloadTranscript: async () => new Blob(["transcript"]),
  };
  return { ...acts, ...orders, ...own } as unknown as Puppet;
}

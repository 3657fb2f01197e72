// What a page can ask of the widget by name.

import type { Chat, Proof } from "../client/state";
import type { Json } from "../client/wire";
import { localeFor } from "./locale";
import type { Embedded } from "./registry";
import type { Scheme } from "./theme";

type Patch = Readonly<Record<string, Json>>;
interface Opening {
  readonly message?: string;
  readonly context?: Patch;
}

/** Each takes the widget and the arguments of the call; what it returns is what the page's promise holds. */
export const COMMANDS = {
  init: () => undefined,
  async open({ instance }: Embedded, { message, context }: Opening = {}) {
    instance.toggle(true);
    if (message !== undefined) instance.chat.setDraft(message);
    if (context) await setContext(instance.chat, context);
  },
  close: ({ instance }: Embedded) => instance.toggle(false),
  show: ({ instance }: Embedded) => instance.host.removeAttribute("hidden"),
  hide({ instance }: Embedded) {
    instance.toggle(false);
    instance.host.setAttribute("hidden", "");
  },
  async send({ instance }: Embedded, text: string, context?: Patch) {
    await instance.chat.send(text);
    if (context) await setContext(instance.chat, context);
  },
  startNew: ({ instance }: Embedded) => instance.chat.startNew(),
  async end({ instance: { chat } }: Embedded) {
    await chat.start();
    if (chat.getState().session?.phase === "open") await chat.close();
  },
  identify: ({ instance }: Embedded, proof: Proof) => instance.chat.identify(proof),
  logout: leave,
  reset: leave,
  setContext: ({ instance }: Embedded, patch: Patch) => setContext(instance.chat, patch),
  /** What the visitor did on the page, for the bot and the agent to see. */
  track: ({ instance }: Embedded, event: string, facts: Json = true) => setContext(instance.chat, { [event]: facts }),
  async setLocale({ instance }: Embedded, tag: string) {
    instance.speak(await localeFor([tag]));
  },
  setTheme({ instance }: Embedded, theme: Scheme | { readonly scheme?: Scheme; readonly primary?: string }) {
    const { scheme, primary } = typeof theme === "string" ? { scheme: theme, primary: undefined } : theme;
    if (primary) instance.host.style.setProperty("--cs-primary", primary);
    instance.look.choose(scheme ?? null);
  },
  consent: ({ instance }: Embedded, isGiven: boolean) => instance.change({ hasAgreed: isGiven }),
  getState: ({ instance }: Embedded) => instance.chat.getState(),
  destroy({ instance, end }: Embedded) {
    end();
    instance.host.remove();
  },
} as const;

/** What was told of a visitor who has no session yet: each ends its waiting for one. */
const untold = new WeakMap<Chat, (() => void)[]>();

/** Context belongs to a session: what is told before there is one is told as soon as there is. */
function setContext(chat: Chat, patch: Patch): Promise<void> {
  if (chat.getState().session) return chat.setContext(patch);
  const stop = chat.subscribe(({ session }) => {
    if (!session) return;
    stop();
    void chat.setContext(patch);
  });
  untold.set(chat, [...(untold.get(chat) ?? []), stop]);
  return Promise.resolve();
}

async function leave({ instance }: Embedded): Promise<void> {
  // It was about whoever leaves, not about whoever comes next.
  for (const stop of untold.get(instance.chat) ?? []) stop();
  untold.delete(instance.chat);
  instance.forget();
  await instance.chat.logout();
}

// What a page can ask of the widget by name.

import type { Proof } from "../client/state";
import type { Json } from "../client/wire";
import { localeFor } from "./locale";
import type { Embedded } from "./registry";
import type { Scheme } from "./theme";
import { dropUntold, type Patch, tell } from "./waiting-context";

interface Opening {
  readonly message?: string;
  readonly context?: Patch;
}

/** Each takes the widget and the arguments of the call; what it returns is what the page's promise holds. */
export const COMMANDS = {
  init: () => undefined,
  async open(to: Embedded, { message, context }: Opening = {}) {
    const { instance } = to;
    instance.toggle(true);
    if (message !== undefined) instance.chat.setDraft(message);
    if (context) await setContext(to, context);
  },
  close: ({ instance }: Embedded) => instance.toggle(false),
  show: ({ instance }: Embedded) => instance.host.removeAttribute("hidden"),
  hide({ instance }: Embedded) {
    instance.toggle(false);
    instance.host.setAttribute("hidden", "");
  },
  async send(to: Embedded, text: string, context?: Patch) {
    await to.instance.chat.send(text);
    if (context) await setContext(to, context);
  },
  startNew: ({ instance }: Embedded) => instance.chat.startNew(),
  async end({ instance: { chat } }: Embedded) {
    await chat.start();
    if (chat.getState().session?.phase === "open") await chat.close();
  },
  identify: ({ instance }: Embedded, proof: Proof) => instance.chat.identify(proof),
  logout: leave,
  reset: leave,
  setContext,
  /** What the visitor did on the page, for the bot and the agent to see. */
  track: (to: Embedded, event: string, facts: Json = true) => setContext(to, { [event]: facts }),
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

function setContext({ instance: { chat, inbox } }: Embedded, patch: Patch): Promise<void> {
  return tell(chat, inbox, patch);
}

async function leave({ instance }: Embedded): Promise<void> {
  dropUntold(instance.chat);
  instance.forget();
  await instance.chat.logout();
}

// Every state a visitor can see, as the client would describe it.

import type { Message, Notice, Pending, Told } from "../../client/items";
import { NOTHING, type State, type WidgetConfig } from "../../client/state";
import type { SessionView, ThreadView } from "../../client/wire";
import { openSession } from "../session";

const COLOURS = {
  primary: "#1f4fd8",
  on_primary: "#ffffff",
  surface: "#ffffff",
  text: "#1a1d24",
  muted: "#5b6472",
  line: "#e3e6eb",
  me: "#1f4fd8",
  on_me: "#ffffff",
  them: "#f2f4f7",
  danger: "#b3261e",
};

export const CONFIG: WidgetConfig = {
  inbox: "support",
  title: "Alder & Finch",
  bot_name: "Finch",
  launcher_label: null,
  privacy_link: "https://shop.example/privacy",
  consent: null,
  starters: [],
  threads: "off",
  on_return: "resume",
  rating: { ask_on: ["visitor", "agent", "resolved", "timeout"], comment: true },
  files: null,
  theme: {
    scheme: "auto",
    light: COLOURS,
    dark: {
      primary: "#8fb0ff",
      on_primary: "#0c1430",
      surface: "#15181e",
      text: "#eceff4",
      muted: "#a4adbb",
      line: "#2d333d",
      me: "#2f4ea8",
      on_me: "#ffffff",
      them: "#232831",
      danger: "#ff8a80",
    },
    radius: 16,
    font: null,
  },
  texts: {},
  remember: { "": {}, name: { en: "Your name", de: "Ihr Name", ar: "اسمك" }, order: { en: "Your order", ar: "طلبك" } },
  require_identity: false,
};

/** This long before now, as an instant. */
export function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1_000).toISOString();
}

/** One that is ten minutes old. */
export function session(change: Partial<SessionView> = {}): SessionView {
  return openSession(ago(600), { seq: 20, server_time: ago(0), ...change });
}

export function message(seq: number, change: Partial<Message> = {}): Message {
  return {
    kind: "message",
    key: `m${seq}`,
    seq,
    at: ago(400 - seq * 10),
    by: "bot",
    name: "Finch",
    text: "",
    thread: null,
    clientId: null,
    parts: [],
    sources: [],
    leftMessage: false,
    ...change,
  };
}

export function mine(seq: number, text: string, change: Partial<Message> = {}): Message {
  return message(seq, { by: "visitor", name: null, text, clientId: `c${seq}`, key: `c${seq}`, ...change });
}

export function notice(
  seq: number,
  event: { readonly type: Told["type"] } & Readonly<Record<string, unknown>>,
): Notice {
  const at = ago(400 - seq * 10);
  return { kind: "notice", key: `e${seq}`, seq, at, event: { seq, at, ...event } as unknown as Told };
}

export function pending(change: Partial<Pending> = {}): Pending {
  return {
    clientId: "p1",
    text: "Can I still change the address?",
    parts: [],
    thread: null,
    page: null,
    at: Date.now() - 5_000,
    session: "ses_1",
    status: "queued",
    seq: null,
    problem: null,
    ...change,
  };
}

export function thread(id: string, title: string, change: Partial<ThreadView> = {}): ThreadView {
  return { id, title, topic: null, status: "open", current: false, continued_from: null, context: {}, ...change };
}

export function state(change: Partial<State> = {}): State {
  const head = Math.max(0, ...(change.items ?? []).map((item) => item.seq));
  return { ...NOTHING, config: CONFIG, link: "online", head, known: head, readTo: head, ...change };
}

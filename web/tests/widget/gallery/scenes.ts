// The scenes of the gallery, by name.

import type { State } from "../../../client/state";
import type { Ui } from "../../../widget/app";
import { ago, CONFIG, message, mine, notice, pending, session, state, thread } from "../states";
import { CLOSED, FILES, FORM, JOINED, QUEUED, TALK } from "./said";

const openSources = (root: ParentNode) => root.querySelector(".sources")?.toggleAttribute("open");
const sendForm = (root: ParentNode) => root.querySelector<HTMLElement>(".form .main")?.click();

const LAMP = thread("thr_0", "Broken lamp");
const TWO_TOPICS = TALK.map((item, at) => ({ ...item, thread: at < 2 ? "thr_1" : "thr_2" }));

export interface Scene {
  readonly state: State;
  readonly ui?: Partial<Ui>;
  readonly isClosed?: boolean;
  /** What the visitor does once it is drawn. */
  readonly act?: (root: ParentNode) => void;
  /** The files the visitor drops once it is drawn. */
  readonly dropped?: readonly { readonly name: string; readonly type: string; readonly bytes: number }[];
}

export const SCENES: Readonly<Record<string, Scene>> = {
  launcher: { state: state({ unread: 3, session: session(), items: TALK }), isClosed: true },
  empty: { state: state() },
  consent: {
    state: state({
      config: {
        ...CONFIG,
        consent: {
          text: "Your messages are answered by a bot and kept for 90 days.",
          link: "https://shop.example/privacy",
        },
      },
    }),
  },
  talk: { state: state({ session: session(), items: TALK }) },
  sources: { state: state({ session: session(), items: TALK.slice(0, 2) }), act: openSources },
  thinking: {
    state: state({
      session: session({ waiting_on: "bot", turn: 3 }),
      items: [...TALK, mine(9, "Yes please")],
      writing: { turn: 3, attempt: 1, text: "", working: "looking up your order", chars: 0, isBroken: false },
    }),
  },
  streaming: {
    state: state({
      session: session({ waiting_on: "bot", turn: 3 }),
      items: [...TALK, mine(9, "Yes please. What do I have to do with it then?")],
      writing: {
        turn: 3,
        attempt: 1,
        text: "Here is what to do:\n\n- **Print** the label, or show the code at the counter\n- Put the goods into *any* box\n- Hand it in at a post office wi",
        working: null,
        chars: 120,
        isBroken: false,
      },
    }),
  },
  replies: {
    state: state({
      session: session(),
      items: [
        ...TALK,
        message(9, {
          text: "What is it about?",
          parts: [{ kind: "quick_replies", options: ["A return", "My order", "Something else"] }],
        }),
      ],
    }),
  },
  form: {
    state: state({
      session: session(),
      items: [
        mine(6, "I want to send it back"),
        message(9, { text: "Sure. I need a few words for that.", parts: [FORM] }),
      ],
    }),
  },
  "form-mistakes": {
    state: state({
      session: session(),
      items: [message(9, { text: "Sure. I need a few words for that.", parts: [FORM] })],
    }),
    act: sendForm,
  },
  files: {
    state: state({
      config: { ...CONFIG, files: FILES },
      session: session(),
      items: [
        mine(6, "Here is how it arrived.", {
          parts: [{ kind: "file", file: "f1", name: "broken-corner.png", type: "image/png", bytes: 812_000 }],
        }),
        message(9, {
          text: "Thank you. This is your label:",
          parts: [{ kind: "file", file: "f2", name: "return-label-4711.pdf", type: "application/pdf", bytes: 88_000 }],
        }),
      ],
    }),
  },
  warning: {
    state: state({
      session: session({ warned_at: ago(18), closes_at: ago(-102), closes_because: "timeout" }),
      items: TALK,
    }),
  },
  closed: {
    state: state({ session: CLOSED, items: [...TALK, notice(14, { type: "session_closed", reason: "timeout" })] }),
  },
  rated: {
    state: state({
      session: CLOSED,
      items: [...TALK, notice(14, { type: "session_closed", reason: "timeout" })],
      rating: { period: 1, part: "session", score: 5, solved: true, comment: null },
    }),
  },
  archived: {
    state: state({
      config: { ...CONFIG, rating: null },
      session: session({ phase: "archived", closed_at: ago(90_000), close_reason: "visitor", allowed: ["new"] }),
      items: [...TALK, notice(14, { type: "session_closed", reason: "visitor" })],
    }),
  },
  offline: {
    state: state({ session: session(), items: TALK, link: "offline", pending: [pending()] }),
  },
  reconnecting: { state: state({ session: session(), items: TALK, link: "reconnecting" }) },
  refused: { state: state({ session: session(), items: TALK, link: "refused" }) },
  unkept: { state: state({ session: session(), items: TALK.slice(0, 2), storage: "memory" }) },
  failed: {
    state: state({
      session: session(),
      items: TALK,
      pending: [
        pending({
          status: "failed",
          problem: { type: "", title: "", status: 422, code: "too_large", detail: "This message is too long." },
        }),
      ],
    }),
  },
  held: {
    state: state({
      session: CLOSED,
      items: [...TALK, notice(14, { type: "session_closed", reason: "timeout" })],
      config: { ...CONFIG, rating: null },
      pending: [pending({ status: "held" })],
    }),
  },
  offer: { state: state({ session: session(), items: TALK.slice(0, 2), humanOffered: "not_known" }) },
  queue: { state: state({ session: session({ floor: "queue", queued_at: ago(30) }), items: [...TALK, ...QUEUED] }) },
  "queue-offer": {
    state: state({
      session: session({ floor: "queue" }),
      items: [...TALK, ...QUEUED],
      queueOffer: { offer: 1, waitedSeconds: 300, choices: ["wait", "bot", "leave_message"] },
    }),
  },
  agent: {
    state: state({
      session: session({ floor: "agent", agent: "age_1", agent_name: "Carla" }),
      items: [...TALK, ...JOINED],
      typing: { by: "agent", name: "Carla", untilMs: Date.now() + 60_000 },
    }),
  },
  "turn-failed": {
    state: state({
      session: session({ can_retry: true }),
      humanOffered: "bot_failed",
      items: [
        ...TALK,
        mine(9, "Yes please"),
        message(10, { text: "Sorry, I could not answer that just now. Please try again, or ask for a person." }),
        notice(11, { type: "human_offered", reason: "bot_failed" }),
        notice(12, { type: "turn_failed", turn: 3, attempt: 2, reason: "silent" }),
      ],
    }),
  },
  "files-refused": {
    state: state({ config: { ...CONFIG, files: FILES }, session: session(), items: TALK.slice(0, 2) }),
    dropped: [
      { name: "set-up-the-lamp.exe", type: "application/x-msdownload", bytes: 10 },
      { name: "a-photograph-of-the-broken-corner-in-daylight.png", type: "image/png", bytes: 6_000_000 },
    ],
  },
  error: {
    state: state({
      session: session(),
      items: TALK,
      problem: {
        act: "keepOpen",
        type: "",
        title: "",
        status: 409,
        code: "keep_open_spent",
        detail: "No more time can be added to this chat.",
      },
    }),
  },
  menu: { state: state({ session: session({ context: { name: "Ana" } }), items: TALK }), ui: { isMenuOpen: true } },
  earlier: {
    state: state({
      session: session(),
      items: TALK,
      earlier: [
        session(),
        {
          ...CLOSED,
          id: "ses_0",
          opened_at: ago(90_000),
          closed_at: ago(80_000),
          threads: [thread("thr_1", "Broken lamp")],
        },
        session({ id: "ses_00", phase: "archived", opened_at: ago(900_000), closed_at: ago(890_000) }),
      ],
    }),
    ui: { page: "earlier" },
  },
  "earlier-awaited": { state: state({ session: session(), items: TALK }), ui: { page: "earlier" } },
  "earlier-none": { state: state({ earlier: [] }), ui: { page: "earlier" } },
  past: {
    state: state({
      config: { ...CONFIG, threads: "manual" },
      session: session(),
      items: TALK,
      past: { session: { ...CLOSED, id: "ses_0", threads: [LAMP] }, items: TALK },
    }),
    ui: { page: "earlier" },
  },
  memory: {
    state: state({ session: session({ context: { name: "Ana", order: "4711", size: "M" } }), items: TALK }),
    ui: { page: "memory" },
  },
  elsewhere: { state: state({ session: session(), items: TALK }), ui: { page: "elsewhere" } },
  "elsewhere-come": { state: state(), ui: { page: "elsewhere", secret: "s3cret" } },
  topics: {
    state: state({
      config: { ...CONFIG, threads: "manual" },
      session: session({
        threads: [thread("thr_1", "Delivery", { status: "resolved" }), thread("thr_2", "Return", { current: true })],
      }),
      items: TWO_TOPICS,
    }),
  },
  naming: {
    state: state({
      config: { ...CONFIG, threads: "manual" },
      session: session(),
      items: TALK,
      earlier: [
        { ...CLOSED, id: "ses_0", threads: [LAMP, thread("thr_9", "Return of the green chair from the sale")] },
      ],
    }),
    ui: { isNaming: true },
  },
};

// The scenes of the gallery, by name.

import type { Item, State } from "../../../client/state";
import type { FilesAllowed } from "../../../client/wire";
import { ago, CONFIG, message, mine, notice, pending, session, state, thread } from "../states";

const DELIVERY = `Inside Germany it takes **2 to 3 working days**, to Austria **3 to 5**.

1. You get an e-mail with a tracking link as soon as the parcel leaves us.
2. Orders before *14:00* leave on the same day.

| Country | Days | Costs |
|---|---|---|
| Germany | 2–3 | 4.90 € |
| Austria | 3–5 | 8.90 € |

You can follow it under [Your orders](https://shop.example/orders).`;

const TALK: readonly Item[] = [
  mine(2, "Hello! How long does delivery take?"),
  message(4, {
    text: DELIVERY,
    sources: [
      {
        title: "Delivery times",
        url: "https://shop.example/delivery",
        passage:
          "Inside Germany delivery takes 2 to 3 working days; to Austria 3 to 5. Orders before 14:00 leave on the same day.",
      },
      { title: "Shipping costs", url: "https://shop.example/costs" },
    ],
  }),
  mine(6, "Thanks. And can I send it back?"),
  message(8, { text: "Yes, within 30 days, and the return is free. Shall I make you a label?" }),
];

const CLOSED = session({
  phase: "closed",
  closed_at: ago(60),
  close_reason: "timeout",
  resumable_until: ago(-86_000),
  allowed: ["resume", "new"],
});
const FORM = {
  kind: "form",
  id: "return",
  title: "Your return label",
  submit: "Make the label",
  fields: [
    { name: "order", label: "Order number", type: "text", required: true },
    { name: "email", label: "E-mail", type: "email", required: true },
    {
      name: "reason",
      label: "Why do you send it back?",
      type: "select",
      options: ["Too small", "Too large", "Not as expected"],
    },
    { name: "pickup", label: "Please pick it up", type: "checkbox" },
  ],
};
const QUEUED = [notice(10, { type: "floor_changed", floor: "queue", reason: "handoff" })];
const JOINED = [
  ...QUEUED,
  notice(11, { type: "floor_changed", floor: "agent", reason: "claimed", agent_name: "Carla" }),
  message(12, {
    by: "agent",
    name: "Carla",
    text: "Hi, this is Carla. I have read along: I will make you the label myself.",
  }),
  message(13, { by: "agent", name: "Carla", text: "Which of the two parcels is it?" }),
];
const FILES: FilesAllowed = { types: ["image/png", "application/pdf"], bytes_max: 5_000_000, per_session_max: 5 };

export interface Scene {
  readonly state: State;
  readonly ui?: Readonly<Record<string, unknown>>;
  readonly isClosed?: boolean;
  readonly act?: string;
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
  sources: { state: state({ session: session(), items: TALK.slice(0, 2) }), act: "sources" },
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
    act: "submit-form",
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
      items: [
        ...TALK,
        mine(9, "Yes please"),
        notice(10, { type: "turn_failed", turn: 3, attempt: 2, reason: "silent" }),
      ],
    }),
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
  "earlier-none": { state: state({ earlier: [] }), ui: { page: "earlier" } },
  past: {
    state: state({ session: session(), items: TALK, past: { session: { ...CLOSED, id: "ses_0" }, items: TALK } }),
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
      items: TALK,
    }),
  },
};

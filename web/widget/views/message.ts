// One message, from the moment it was written.

import type { Message, MessagePart, Pending } from "../../client/items";
import type { Chat, State } from "../../client/state";
import { type App, nameOf } from "../app";
import { fill, h, icon } from "../dom";
import { timeOf } from "../formats";
import { ALERT } from "../icons-more";
import type { Row } from "../keyed-list";
import { fetchRest } from "../lazy-parts";
import { type Bubble, type Line, listOf } from "../lines";
import { markdown } from "../markdown";
import { avatar } from "./avatar";
import { button } from "./buttons";
import { later } from "./later";
import { sources } from "./sources";

/** Why the same words would be refused each time. */
const HOPELESS = new Set(["too_large", "invalid_request"]);

export function messageRow(app: App, state: () => State, first: Bubble): Row<Line> {
  const body = h("div", { class: "body" });
  const meta = h("div", { class: "meta" });
  const isMine = first.by === "visitor";
  const node = h("article", { tabindex: -1, part: "message" }, heading(app, state(), first), body, meta);
  let shown: Message | Pending | null = null;
  let footing = "";
  const update = (line: Line) => {
    if (line.kind !== "bubble") return;
    const { message, pending, isFirst, isLast } = line;
    node.className = `row ${isMine ? "me" : "them"}${isFirst ? " first" : ""}${isLast ? " last" : ""}`;
    const of = message ?? pending;
    // From pending to stored only the foot changes.
    if (of && (of.text !== shown?.text || of.parts !== shown.parts)) fill(body, content(app, state, of, isMine));
    shown = of;
    const now = standing(state(), line);
    const key = `${now.status} ${now.isAway} ${now.isSeen} ${isLast}`;
    if (key !== footing) fill(meta, foot(app, line, now));
    footing = key;
  };
  update(first);
  return { node, update };
}

function heading(app: App, state: State, { by, atMs, message }: Bubble): DocumentFragment {
  const name = nameOf(app, state, by, message?.name);
  const time = timeOf(app.words, atMs);
  const said = app.words.say(by === "visitor" ? "you_said" : "said", { name, time });
  const heading = document.createDocumentFragment();
  if (by !== "visitor") heading.append(avatar(by, name), h("span", { class: "name", "aria-hidden": "true" }, name));
  heading.append(h("span", { class: "unseen" }, said));
  return heading;
}

function content(app: App, state: () => State, of: Message | Pending, isMine: boolean): Node[] {
  const text = isMine ? [document.createTextNode(of.text)] : markdown(of.text);
  const bubble = h("div", { class: isMine ? "bubble" : "bubble rich", dir: "auto" }, ...text);
  const parts = of.parts.map((part) => partOf(app, state, part)).filter((part) => part !== null);
  const from = "sources" in of && of.sources.length ? [sources(app, of.sources)] : [];
  return [...(of.text ? [bubble] : []), ...parts, ...from];
}

function partOf(app: App, state: () => State, part: MessagePart): Node | null {
  if (part["kind"] === "file") return later(app, fetchRest, ({ fileCard }) => fileCard(app, part));
  if (part["kind"] !== "form" || !listOf(part, "fields").length) return null;
  return later(app, fetchRest, ({ form }) => form(app, state, part));
}

interface Standing {
  readonly status: Pending["status"] | undefined;
  readonly isAway: boolean;
  readonly isSeen: boolean;
}

function standing({ link, seenTo }: State, { pending, message }: Bubble): Standing {
  const isSeen = message?.by === "visitor" && message.seq <= seenTo;
  return { status: pending?.status, isAway: link === "offline" || link === "reconnecting", isSeen };
}

/** The time; of what is not stored yet, how it stands and what can be done. */
function foot(app: App, { pending, atMs, isLast }: Bubble, { status, isAway, isSeen }: Standing): Node[] {
  const { words } = app;
  if (pending && (status === "failed" || status === "held")) return trouble(app, pending, status);
  if (status === "queued" || status === "sending") {
    return [h("span", {}, words.say(status === "queued" && isAway ? "waiting_to_send" : "sending"))];
  }
  if (!isLast) return [];
  return [
    h("time", { "aria-hidden": "true" }, timeOf(words, atMs)),
    ...(isSeen ? [h("span", {}, `\u00b7 ${words.say("seen")}`)] : []),
  ];
}

function trouble({ words, chat }: App, pending: Pending, status: "failed" | "held"): Node[] {
  const isHeld = status === "held";
  const why = isHeld ? words.say("held") : pending.problem?.detail || words.say("not_sent");
  const isHopeless = !isHeld && HOPELESS.has(pending.problem?.code ?? "");
  return [
    h("span", { class: "trouble" }, icon(ALERT), h("bdi", {}, why)),
    isHopeless
      ? button(words.say("edit"), () => edit(chat, pending), "plain")
      : button(words.say(isHeld ? "send_new" : "retry"), () => chat.retry(pending.clientId), "plain"),
    button(words.say("discard"), () => discard(chat, pending), "plain"),
  ];
}

/** To be written otherwise, before what was begun since. */
function edit(chat: Chat, { clientId, text }: Pending): void {
  const { draft } = chat.getState();
  chat.setDraft(draft ? `${text}\n${draft}` : text);
  chat.discard(clientId);
}

/** What was written is not thrown away: it goes back to where it can be changed. */
function discard(chat: Chat, { clientId, text }: Pending): void {
  if (!chat.getState().draft) chat.setDraft(text);
  chat.discard(clientId);
}

// The topics of a chat, where the inbox keeps them apart: which there are, which is current, and a new one.

import type { State } from "../../client/state";
import type { ThreadView } from "../../client/wire";
import type { App, View } from "../app";
import { type Child, h, icon, place } from "../dom";
import { CHECK, PLUS } from "../icons-more";
import { enMore } from "../locale/en-more";
import { button } from "./buttons";
import css from "./topics.css?inline";

const TITLE_CHARS_MAX = 80;

export function topics(app: App): View {
  app.words.learn(enMore);
  app.adopt(css);
  const node = h("nav", { class: "topics", "aria-label": app.words.say("topics") });
  let isNaming = false;
  const name = (is: boolean) => {
    isNaming = is;
    app.redraw();
    node.querySelector("input")?.focus();
  };
  const show = place<State>(
    node,
    ({ session }) => [session?.threads, isNaming],
    ({ session }) => (isNaming ? [naming(app, name)] : content(app, session?.threads ?? [], name)),
  );
  return { node, update: show };
}

function content(app: App, threads: readonly ThreadView[], name: (is: boolean) => void): readonly Child[] {
  const add = h(
    "button",
    { type: "button", class: "chip", click: () => name(true) },
    icon(PLUS),
    app.words.say("topic_new"),
  );
  return [...threads.map((thread) => chip(app, thread)), add];
}

function chip(app: App, { id, title, topic, current, status }: ThreadView): HTMLElement {
  const choose = () => void app.chat.chooseThread(id);
  const label = title ?? topic ?? app.words.say("thread_untitled");
  const attributes = { type: "button", class: "chip", dir: "auto", "aria-pressed": String(current), click: choose };
  return h("button", attributes, status === "resolved" && icon(CHECK), label);
}

function naming(app: App, name: (is: boolean) => void): HTMLElement {
  const { words } = app;
  const title = h("input", {
    maxlength: TITLE_CHARS_MAX,
    "aria-label": words.say("topic_title"),
    placeholder: words.say("topic_title"),
    dir: "auto",
  });
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (title.value.trim()) void app.chat.startThread(title.value.trim());
    name(false);
  };
  const start = h("button", { class: "main" }, words.say("topic_start"));
  return h(
    "form",
    { class: "naming", submit: onSubmit },
    title,
    start,
    button(words.say("topic_cancel"), () => name(false)),
  );
}

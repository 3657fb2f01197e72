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
  const name = (isNaming: boolean) => app.change({ isNaming });
  const show = place<State>(
    node,
    ({ session }) => [session?.threads, app.ui.isNaming],
    ({ session }) => (app.ui.isNaming ? [naming(app, name)] : content(app, session?.threads ?? [], name)),
  );
  let wasNaming = false;
  return {
    node,
    update(state) {
      show(state);
      const { isNaming } = app.ui;
      // Once it is in its place.
      if (isNaming && !wasNaming) queueMicrotask(() => node.querySelector("input")?.focus());
      wasNaming = isNaming;
    },
  };
}

function content(app: App, threads: readonly ThreadView[], name: (is: boolean) => void): readonly Child[] {
  const label = app.words.say("topic_new");
  const add = h("button", { type: "button", class: "chip", click: () => name(true) }, icon(PLUS), label);
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

// What else the chat is to be about: something new, or a topic of an earlier chat.

import type { State } from "../../client/state";
import type { App, View } from "../app";
import { h, place } from "../dom";
import { type EarlierTopic, earlierTopics, titleOf } from "../topics";
import { button } from "./buttons";

const TITLE_CHARS_MAX = 80;

export function naming(app: App): View {
  const { words, chat } = app;
  const done = () => {
    app.change({ isNaming: false });
    (node.getRootNode() as ShadowRoot).querySelector<HTMLElement>(".composer textarea")?.focus();
  };
  const title = h("input", {
    maxlength: TITLE_CHARS_MAX,
    "aria-label": words.say("topic_title"),
    placeholder: words.say("topic_title"),
    dir: "auto",
  });
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (title.value.trim()) void chat.startThread(title.value.trim());
    done();
  };
  const start = h("button", { class: "main" }, words.say("topic_start"));
  const earlier = h("div", { class: "earlier", role: "group", "aria-label": words.say("topic_earlier") });
  const node = h(
    "form",
    { class: "naming", submit: onSubmit },
    title,
    start,
    button(words.say("topic_cancel"), done),
    earlier,
  );
  const showEarlier = place<State>(
    earlier,
    ({ earlier, session }) => [earlier, session?.threads],
    (state) => earlierTopics(state).map((topic) => chip(app, topic, done)),
  );
  let wasNaming = false;
  return {
    node,
    update(state) {
      const { isNaming } = app.ui;
      node.hidden = !isNaming;
      if (isNaming && !wasNaming) {
        title.value = "";
        void chat.listEarlier();
        // Once it is in its place.
        queueMicrotask(() => title.focus());
      }
      wasNaming = isNaming;
      if (isNaming) showEarlier(state);
    },
  };
}

function chip({ chat, words }: App, { thread, session }: EarlierTopic, done: () => void): HTMLElement {
  const go = () => {
    void chat.continueThread(thread.id, session);
    done();
  };
  return h("button", { type: "button", class: "chip", click: go }, h("bdi", {}, titleOf(thread, words)));
}

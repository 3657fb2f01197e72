// The topics of a chat, where the inbox keeps them apart: which there are, which is current, and another one.

import type { State } from "../../client/state";
import type { ThreadView } from "../../client/wire";
import type { App, View } from "../app";
import { type Child, h, icon, place, set } from "../dom";
import { CHECK, FILTER, PLUS } from "../icons-more";
import { enMore } from "../locale/en-more";
import { isMixed, titleOf } from "../topics";
import { iconButton } from "./buttons";
import { naming } from "./naming";
import css from "./topics.css?inline";

/** Whether the messages of the current topic show alone. */
export interface Focus {
  isOn: boolean;
}

export function topics(app: App, focus: Focus): View {
  app.words.learn(enMore);
  app.adopt(css);
  const bar = h("nav", { class: "topics", "aria-label": app.words.say("topics") });
  const form = naming(app);
  const show = place<State>(
    bar,
    (state) => [state.session?.threads, isMixed(state), focus.isOn, app.ui.isNaming],
    (state) => (app.ui.isNaming ? [] : content(app, state, focus)),
  );
  return {
    node: h("div", {}, bar, form.node),
    update(state) {
      show(state);
      form.update(state);
    },
  };
}

function content(app: App, state: State, focus: Focus): readonly Child[] {
  const { words } = app;
  const name = () => app.change({ isNaming: true });
  const add = h("button", { type: "button", class: "chip", click: name }, icon(PLUS), words.say("topic_new"));
  const turn = () => {
    focus.isOn = !focus.isOn;
    app.redraw();
  };
  const only = iconButton(words.say("topic_only"), FILTER, turn);
  set(only, { class: "icon only", "aria-pressed": String(focus.isOn) });
  return [...(state.session?.threads ?? []).map((thread) => chip(app, thread)), add, isMixed(state) && only];
}

function chip(app: App, thread: ThreadView): HTMLElement {
  const choose = () => void app.chat.chooseThread(thread.id);
  const attributes = { type: "button", class: "chip", "aria-pressed": String(thread.current), click: choose };
  const label = h("bdi", {}, titleOf(thread, app.words));
  return h("button", attributes, thread.status === "resolved" && icon(CHECK), label);
}

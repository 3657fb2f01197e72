// The chat is over: why, how it can go on, and how it was.

import { canResume } from "../../client/clocks";
import type { State } from "../../client/state";
import type { App, View } from "../app";
import { type Child, h, place } from "../dom";
import { enMore } from "../locale/en-more";
import { button } from "./buttons";
import css from "./ending.css?inline";
import { rating } from "./rating";

export function ending(app: App): View {
  app.words.learn(enMore);
  app.adopt(css);
  const why = h("div", { class: "why" });
  const showWhy = place<State>(
    why,
    (state) => [state.session?.id, state.session?.period, state.session?.phase, canResume(state, app.now())],
    (state) => content(app, state),
  );
  const asked = rating(app);
  return {
    node: h("div", { class: "ending" }, asked.node, why),
    update(state) {
      showWhy(state);
      asked.update(state);
    },
  };
}

function content(app: App, state: State): readonly Child[] {
  const { words, chat } = app;
  const resumes = canResume(state, app.now());
  const until = resumes && state.session?.resumable_until;
  const onResume = button(words.say("resume"), () => void chat.resume(), "main");
  const onNew = button(words.say("start_new"), () => void chat.startNew(), resumes ? "quiet" : "main");
  return [
    until && h("p", {}, words.say("resumable", { time: words.date(until) })),
    h("div", { class: "choices" }, resumes && onResume, onNew),
  ];
}

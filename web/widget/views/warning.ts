// The chat is about to close: how long it still is, and one button that prevents it.

import { closesInMs } from "../../client/deadlines";
import type { State } from "../../client/state";
import type { App, View } from "../app";
import { Countdown } from "../countdown";
import { h, icon, place, tell } from "../dom";
import { clockOf, durationOf } from "../formats";
import { CLOCK } from "../icons-more";
import { enTalk } from "../locale/en-talk";
import { button } from "./buttons";
import css from "./warning.css?inline";

export function warning(app: App): View {
  app.words.learn(enTalk);
  app.adopt(css);
  const { words, chat, announcer } = app;
  const left = () => closesInMs(chat.getState(), app.now());
  const text = h("p");
  const node = h("div", { class: "warning" });
  const isLimit = () => chat.getState().session?.closes_because === "limit";
  const sentence = (time: string) => words.say(isLimit() ? "ends_limit" : "ends_in", { time });
  const spoken = (ms: number) => durationOf(words, ms / 1_000);
  const countdown = new Countdown(
    left,
    (ms) => tell(text, sentence(clockOf(words, ms))),
    (ms) => announcer.say(sentence(spoken(ms))),
  );
  const keep = () => {
    void chat.keepOpen();
    announcer.say(words.say("kept"));
    (node.getRootNode() as ShadowRoot).querySelector("textarea")?.focus();
  };
  const show = place<State>(
    node,
    ({ session }) => [left() !== null, session?.extendable],
    ({ session }) => {
      if (left() === null) return [];
      return [icon(CLOCK), text, !!session?.extendable && button(words.say("keep"), keep, "main")];
    },
  );
  return {
    node,
    update(state) {
      const ms = left();
      show(state);
      const isNew = countdown.aim(ms === null ? null : (state.session?.closes_at ?? null));
      if (!isNew || ms === null) return;
      const time = spoken(ms);
      announcer.alert(isLimit() ? sentence(time) : words.say("ends_said", { time }));
    },
  };
}

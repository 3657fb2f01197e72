// A chat that has begun: what was said, what is offered, how it ended; and what a screen reader is told of it.

import type { State } from "../../client/state";
import { type App, isOver, type View } from "../app";
import { h } from "../dom";
import { enTalk } from "../locale/en-talk";
import { Narrator } from "../narrator";
import { ofCurrentTopic } from "../topics";
import { offers } from "./offers";
import { ondemand } from "./ondemand";
import css from "./talk.css?inline";
import { transcript } from "./transcript";

export function talk(app: App): View {
  app.words.learn(enTalk);
  app.adopt(css);
  const narrator = new Narrator(app);
  const focus = { isOn: false };
  // Of every change at once: what comes and goes between two frames is said too.
  const hear = (state: State) => {
    narrator.hear(state);
    // Whoever comes next has chosen nothing.
    if (!state.session) focus.isOn = false;
  };
  app.until(app.chat.subscribe(hear));
  app.until(() => narrator.end());
  narrator.hear(app.chat.getState());
  const tail = [ondemand(app, isOver, () => import("./ending").then(({ ending }) => ending)), offers(app)];
  const log = transcript(
    app,
    tail.map(({ node }) => node),
  );
  const topics = ondemand(
    app,
    (state) => hasTopics(app, state),
    () => import("./topics").then((module) => (app) => module.topics(app, focus)),
  );
  return {
    node: h("div", { class: "talk" }, topics.node, log.node),
    update(state) {
      for (const view of [topics, ...tail]) view.update(state);
      log.update(focus.isOn && hasTopics(app, state) ? ofCurrentTopic(state) : state);
    },
  };
}

/** One topic alone is none: the bar comes with the first that somebody names. */
function hasTopics({ ui }: App, { config, session }: State): boolean {
  const isOn = (config?.threads ?? "off") !== "off" && session?.phase === "open";
  return isOn && (session.threads.length > 0 || ui.isNaming);
}

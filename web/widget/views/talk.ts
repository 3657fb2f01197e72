// A chat that has begun: what was said, what is offered, how it ended.

import type { State } from "../../client/state";
import { type App, isOver, type View } from "../app";
import { h } from "../dom";
import { fetchRest } from "../lazy-parts";
import { enTalk } from "../locale/en-talk";
import { ofCurrentTopic } from "../topics";
import { offers } from "./offers";
import { ondemand } from "./ondemand";
import css from "./talk.css?inline";
import { transcript } from "./transcript";

export { banner } from "./banner";

export function talk(app: App): View {
  app.words.learn(enTalk);
  app.adopt(css);
  const focus = { isOn: false };
  // Whoever comes next has chosen nothing.
  app.until(app.chat.subscribe(({ session }) => (focus.isOn &&= !!session)));
  const tail = [ondemand(app, isOver, () => fetchRest().then(({ ending }) => ending)), offers(app)];
  const log = transcript(
    app,
    tail.map(({ node }) => node),
  );
  const topics = ondemand(
    app,
    (state) => hasTopics(app, state),
    () => fetchRest().then((rest) => (app) => rest.topics(app, focus)),
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

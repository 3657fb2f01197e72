// Before the first message: a welcome, and what has to be agreed to.

import type { State } from "../../client/state";
import { type App, isEmpty, needsConsent, type View } from "../app";
import { type Child, h, place } from "../dom";
import { fetchRest } from "../lazy-parts";
import { avatar } from "./avatar";
import { button } from "./buttons";
import { later } from "./later";
import css from "./welcome.css?inline";

export function welcome(app: App): View {
  app.adopt(css);
  const node = h("div", { class: "welcome" });
  const show = place<State>(
    node,
    (state) => [isEmpty(state), needsConsent(app, state), app.ui.isReturning, state.config],
    (state) => content(app, state),
  );
  return { node, update: show };
}

function content(app: App, state: State): readonly Child[] {
  const { words } = app;
  if (!isEmpty(state)) return [];
  if (app.ui.isReturning) return [h("p", { role: "status" }, words.say("loading"))];
  const hello = [avatar("bot", null), h("h3", {}, words.say("hello")), h("p", {}, words.say("hello_more"))];
  if (!needsConsent(app, state)) return [...hello, starters(app, state)];
  const asked = later(app, fetchRest, ({ consent }) => consent(app, state));
  return [...hello, asked];
}

/** Questions to begin with: pressed, they are asked. */
function starters({ chat }: App, { config }: State): Child {
  const all = (config?.starters ?? []).map((text) => button(text, () => chat.send(text)));
  // Written in the language of the inbox, whatever the visitor's is.
  for (const each of all) each.dir = "auto";
  return all.length > 0 && h("div", { class: "starters" }, ...all);
}

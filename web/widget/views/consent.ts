// What the inbox wants agreed to before the first message.

import type { State } from "../../client/state";
import type { App } from "../app";
import { h } from "../dom";
import { link } from "../inline";
import { enMore } from "../locale/en-more";
import { button } from "./buttons";
import css from "./consent.css?inline";

export function consent(app: App, { config }: State): HTMLElement {
  app.words.learn(enMore);
  app.adopt(css);
  const { words } = app;
  const address = config?.consent?.link;
  const more = address && link(address, [words.say("consent_link")]);
  const agree = button(words.say("consent_yes"), () => app.agree(), "main");
  return h("div", { class: "consent" }, h("p", { dir: "auto" }, config?.consent?.text, " ", more), agree);
}

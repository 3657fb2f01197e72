// Parts of the widget that are fetched when they are first needed.

import type { App } from "../app";
import { h } from "../dom";
import { button } from "./buttons";

/** A place for something that is on its way; if it does not arrive, it can be asked for again. */
export function later<Module>(app: App, load: () => Promise<Module>, make: (module: Module) => Node): HTMLElement {
  const node = h("div", { class: "later", "aria-busy": "true" });
  const ask = () => {
    load().then(
      (module) => node.replaceWith(make(module)),
      () => node.replaceChildren(app.words.say("failed"), button(app.words.say("retry"), ask, "plain")),
    );
  };
  ask();
  return node;
}

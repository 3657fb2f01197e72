// A view that is fetched when it is shown for the first time.

import type { State } from "../../client/state";
import type { App, View } from "../app";
import { h } from "../dom";
import { later } from "./later";

export function ondemand(
  app: App,
  isShown: (state: State) => boolean,
  load: () => Promise<(app: App) => View>,
  kind: "part" | "fills" | "tools" = "part",
): View {
  const node = h("div", { class: kind, hidden: true });
  let view: View | null = null;
  let isAsked = false;
  return {
    node,
    update(state) {
      const shows = isShown(state);
      node.hidden = !shows;
      // It is told too that it is not shown any more.
      view?.update(state);
      if (!shows || isAsked) return;
      isAsked = true;
      const made = (make: (app: App) => View) => {
        view = make(app);
        view.update(app.chat.getState());
        return view.node;
      };
      node.append(later(app, load, made));
    },
  };
}

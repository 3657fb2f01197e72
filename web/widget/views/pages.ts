// What can be looked at instead of the chat: one at a time.

import type { State } from "../../client/state";
import type { App, View } from "../app";
import { h } from "../dom";
import { earlier } from "./earlier";
import { elsewhere } from "./elsewhere";
import { memory } from "./memory";

type Name = Exclude<App["ui"]["page"], "chat">;

const PAGES: Readonly<Record<Name, (app: App) => View>> = { earlier, elsewhere, memory };

export function pages(app: App): View {
  const node = h("div", { class: "fills" });
  const made = new Map<Name, View>();
  return {
    node,
    update(state) {
      const shown = shownIn(app, state);
      if (shown && !made.has(shown)) {
        const view = PAGES[shown](app);
        made.set(shown, view);
        node.append(view.node);
      }
      // A page is told too that it is not shown any more.
      for (const [name, view] of made) {
        view.update(state);
        view.node.hidden = name !== shown;
      }
    },
  };
}

/** A chat that is read belongs to the earlier ones. */
function shownIn({ ui }: App, { past }: State): Name | null {
  if (ui.page !== "chat") return ui.page;
  return past && "earlier";
}

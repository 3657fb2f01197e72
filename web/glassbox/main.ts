// The glass box: the shop with its chat on one side, all that happens in it on the other.

import { h, set } from "../widget/dom";
import type { Glass } from "./glass";
import { clocks } from "./views/clocks";
import { contextPanel, threads } from "./views/context";
import { events } from "./views/events";
import { head } from "./views/head";
import { keyForm } from "./views/key";
import { about, state } from "./views/now";
import { shop } from "./views/shop";
import { sides } from "./views/sides";
import { steps } from "./views/steps";
import { turn } from "./views/turn";
import { welcome } from "./views/welcome";
import { Watch } from "./watch";

interface View {
  readonly node: HTMLElement;
  update(glass: Glass): void;
}

function begin(main: HTMLElement, key: string): void {
  const watch = new Watch(key);
  const visitors = shop(() => {
    const { session, events } = watch.glass;
    if (session) watch.note({ closedTab: { session: session.id, seq: events.length } });
  });
  const chosen = head(watch);
  const guide = steps(watch, visitors);
  const standing: View[] = [state(), clocks(() => watch.glass), contextPanel(), about(), threads()];
  const happening: View[] = [events(), turn()];
  const side = sides();
  const empty = welcome();
  const ask = keyForm((given) => watch.open(given));
  const glass = h(
    "section",
    { id: "glass", class: "glass", tabindex: -1, "aria-label": "Glass box" },
    chosen.node,
    ask,
    empty.node,
    h("div", { class: "panels" }, column(standing), column(happening)),
  );
  main.replaceChildren(guide.node, side.node, visitors.node, glass);
  watch.subscribe((seen) => {
    ask.hidden = seen.server !== "refused";
    glass.dataset["server"] = seen.server;
    set(glass, { "data-empty": seen.session === null });
    for (const view of [chosen, guide, visitors, side, empty, ...standing, ...happening]) view.update(seen);
  });
}

function column(views: readonly View[]): HTMLElement {
  return h("div", { class: "column" }, ...views.map(({ node }) => node));
}

const main = document.querySelector<HTMLElement>("[data-glassbox]");
const key = document.querySelector<HTMLMetaElement>("meta[name=glass-key]")?.content ?? "";
if (main) begin(main, key);

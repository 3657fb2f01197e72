// On small screens one side is seen at a time: the shop or the glass box.

import { h, set, tell } from "../../widget/dom";
import type { Glass } from "../glass";

type Side = "shop" | "glass";

export function sides(): { readonly node: HTMLElement; update(glass: Glass): void } {
  const news = h("span", { class: "news", "aria-hidden": "true" });
  const shop = h("button", { type: "button", click: () => show("shop") }, "The shop");
  const glass = h("button", { type: "button", click: () => show("glass") }, "The glass box", news);
  let side: Side = "shop";
  let seen = 0;
  let known = 0;
  const show = (chosen: Side) => {
    side = chosen;
    document.body.dataset["side"] = side;
    set(shop, { "aria-pressed": String(side === "shop") });
    set(glass, { "aria-pressed": String(side === "glass") });
    count(known);
  };
  /** How much happened since the glass box was seen last. */
  const count = (events: number) => {
    known = events;
    if (side === "glass" || events < seen) seen = events;
    tell(news, events > seen ? String(events - seen) : "");
  };
  show("shop");
  const node = h("div", { class: "sides", role: "group", "aria-label": "What is shown" }, shop, glass);
  return { node, update: ({ events }) => count(events.length) };
}

// On small screens one side is seen at a time: the shop or the glass box.

import { h, set } from "../../widget/dom";

type Side = "shop" | "glass";

export function sides(): HTMLElement {
  const shop = h("button", { type: "button", click: () => show("shop") }, "The shop");
  const glass = h("button", { type: "button", click: () => show("glass") }, "The glass box");
  const show = (side: Side) => {
    document.body.dataset["side"] = side;
    set(shop, { "aria-pressed": String(side === "shop") });
    set(glass, { "aria-pressed": String(side === "glass") });
  };
  show("shop");
  return h("div", { class: "sides", role: "group", "aria-label": "What is shown" }, shop, glass);
}

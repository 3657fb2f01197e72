// The shop as its visitor has it: a browser's tab, which can be closed and opened again.

import { h, tell } from "../../widget/dom";
import type { Glass } from "../glass";

const NAME = "shop";
const BOOKMARKS: readonly (readonly [title: string, path: string])[] = [
  ["Knitwear", "/"],
  ["A jumper", "/products/grat-norden"],
  ["Delivery", "/help/delivery"],
  ["Cart", "/cart"],
];

export interface Shop {
  readonly node: HTMLElement;
  close(): void;
  open(): void;
  update(glass: Glass): void;
  readonly isOpen: boolean;
}

/** `onClose` is told when the tab is closed: what its page had in memory is gone. */
export function shop(onClose: () => void): Shop {
  const title = h("span", { class: "title" }, "Wollgrat");
  const address = h("span", { class: "address", dir: "ltr" });
  const closing = h("button", { type: "button", "aria-label": "Close the shop’s tab", click: () => close() }, "×");
  const opening = h("button", { type: "button", class: "primary", click: () => open() }, "Open the shop again");
  const shut = h("div", { class: "shut", hidden: true }, h("p", {}, "The tab is closed."), opening);
  const bookmarks = h(
    "nav",
    { class: "bookmarks", "aria-label": "Pages of the shop" },
    ...BOOKMARKS.map(([name, path]) => h("a", { href: path, target: NAME }, name)),
  );
  const tab = h("div", { class: "tab" }, title, closing);
  const view = h("div", { class: "view" }, shut);
  const node = h(
    "section",
    { class: "browser", "aria-label": "The shop, as its visitor sees it" },
    h("div", { class: "bar" }, tab, address),
    bookmarks,
    view,
  );
  let frame: HTMLIFrameElement | null = null;
  let last = "/";
  let isLost = false;

  function open(): void {
    if (frame) return;
    frame = h("iframe", { src: last, name: NAME, title: "The shop", load: loaded });
    view.append(frame);
    [shut.hidden, tab.hidden, bookmarks.hidden] = [true, false, false];
  }

  function close(): void {
    if (!frame) return;
    frame.remove();
    frame = null;
    [shut.hidden, tab.hidden, bookmarks.hidden] = [false, true, true];
    tell(address, "");
    onClose();
    opening.focus();
  }

  function loaded(): void {
    try {
      const page = frame?.contentDocument;
      // While the server is away the frame shows the browser's own page, which is nobody's to read.
      isLost = !page?.location.host;
      if (!page || isLost) return;
      last = page.location.pathname;
      tell(title, page.title);
      tell(address, last);
    } catch {
      isLost = true;
    }
  }

  /** A page that did not come while the server was away is asked for again. */
  function update({ server }: Glass): void {
    if (!isLost || !frame || server !== "there") return;
    isLost = false;
    frame.src = last;
  }

  open();
  return {
    node,
    open,
    close,
    update,
    get isOpen() {
      return frame !== null;
    },
  };
}

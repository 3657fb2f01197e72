// The two kinds of buttons there are.

import { h, icon } from "../dom";

type OnClick = (event: MouseEvent) => void;

export function button(label: string, click: OnClick, kind: "main" | "quiet" | "plain" = "quiet"): HTMLButtonElement {
  return h("button", { type: "button", class: kind, click }, label);
}

/** A button that shows a drawing and is called by its name. */
export function iconButton(label: string, path: string, click: OnClick): HTMLButtonElement {
  return h("button", { type: "button", class: "icon", "aria-label": label, title: label, click }, icon(path));
}

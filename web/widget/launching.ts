// The launcher itself, as the loader paints it and the widget takes it over.

import { h, icon } from "./dom";
import { BUBBLE, DOWN } from "./icons";

/** The launcher within this root; there is only ever one. */
export function launcherIn(root: ShadowRoot, label = "Chat"): HTMLButtonElement {
  const known = root.querySelector<HTMLButtonElement>(".launcher");
  if (known) return known;
  const picture = h("slot", { name: "launcher-icon" }, icon(BUBBLE), icon(DOWN));
  const node = h(
    "button",
    { type: "button", class: "launcher", part: "launcher", "aria-expanded": "false", "aria-label": label },
    picture,
  );
  root.append(node);
  return node;
}

/** Styles without a style sheet of the page: the strictest content policy allows them. */
export function adopt(root: ShadowRoot, css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

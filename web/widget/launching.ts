// The launcher itself, as the loader paints it and the widget takes it over.

import { h, icon } from "./dom";
import { BUBBLE, DOWN } from "./icons";

export interface Launcher {
  readonly node: HTMLButtonElement;
  readonly badge: HTMLElement;
}

/** The launcher within this root; there is only ever one. */
export function launcherParts(root: ShadowRoot, label = "Chat"): Launcher {
  const known = root.querySelector<HTMLButtonElement>(".launcher");
  if (known) return { node: known, badge: known.lastElementChild as HTMLElement };
  const badge = h("span", { class: "badge", hidden: true, "aria-hidden": "true" });
  const node = h(
    "button",
    { type: "button", class: "launcher", part: "launcher", "aria-expanded": "false", "aria-label": label },
    h("slot", { name: "launcher-icon" }, icon(BUBBLE), icon(DOWN)),
    badge,
  );
  root.append(node);
  return { node, badge };
}

/** Styles without a style sheet of the page: the strictest content policy allows them. */
export function adopt(root: ShadowRoot, css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

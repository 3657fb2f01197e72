// The launcher itself, as the loader paints it and the widget takes it over.

import { icon } from "./dom";
import { BUBBLE } from "./icons";

/** The launcher, as the first thing within this root. Made by hand: the loader has no room for what makes nodes. */
export function paintLauncher(root: ShadowRoot, label = "Chat"): HTMLButtonElement {
  const node = document.createElement("button");
  const picture = document.createElement("slot");
  picture.name = "launcher-icon";
  picture.append(icon(BUBBLE));
  node.className = "launcher";
  node.setAttribute("part", "launcher");
  node.setAttribute("aria-expanded", "false");
  node.setAttribute("aria-label", label);
  node.append(picture);
  root.append(node);
  return node;
}

/** The launcher within this root; there is only ever one. */
export function launcherIn(root: ShadowRoot): HTMLButtonElement {
  return root.querySelector<HTMLButtonElement>(".launcher") ?? paintLauncher(root);
}

/** Styles without a style sheet of the page: the strictest content policy allows them. */
export function sheetOf(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

// The button that is always there.

import { type App, isWarned, type View } from "../app";
import { h, icon, set, tell } from "../dom";
import { DOWN } from "../icons";
import { launcherIn } from "../launching";
import css from "./launcher.css?inline";

export function launcher(app: App, root: ShadowRoot): View {
  app.adopt(css);
  const node = launcherIn(root);
  const badge = h("span", { class: "badge", "aria-hidden": "true" });
  for (const old of node.querySelectorAll(".badge")) old.remove();
  node.append(badge);
  node.className = "launcher";
  const picture = node.firstElementChild as Element;
  if (!picture.children[1]) picture.append(icon(DOWN));
  // Assigned, not added: another language draws everything anew, and the button stays the same.
  node.onclick = () => app.toggle(!app.ui.isOpen);
  node.onpointerenter = node.onfocus = () => app.prepare();
  return {
    node,
    update(state) {
      const { unread, config } = state;
      const { isOpen, isFull } = app.ui;
      const isAway = isOpen && app.ui.isAway;
      const count = isOpen ? 0 : unread;
      const isEnding = !isOpen && isWarned(state);
      const open = config?.launcher_label || app.words.say("open");
      const news = [count && app.words.say("unread", { count }), isEnding && app.words.say("ends_soon")];
      const shown = isOpen ? app.words.say("close") : [open, ...news].filter(Boolean).join(", ");
      const label = isAway ? app.words.say("no_connection") : shown;
      node.classList.toggle("away", isAway);
      set(node, { "aria-label": label, "aria-expanded": String(isOpen), lang: app.words.locale.tag });
      node.hidden = app.mode !== "float" || (isOpen && isFull && !isAway);
      badge.hidden = !count && !isEnding;
      tell(badge, count > 9 ? "9+" : String(count || "!"));
    },
  };
}

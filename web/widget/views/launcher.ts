// The button that is always there.

import type { App, View } from "../app";
import { set, tell } from "../dom";
import { launcherParts } from "../launching";

export function launcher(app: App, root: ShadowRoot): View {
  const { node, badge } = launcherParts(root);
  // Assigned, not added: another language draws everything anew, and the button stays the same.
  node.onclick = () => app.toggle(!app.ui.isOpen);
  return {
    node,
    update({ unread, config }) {
      const { isOpen, isFull } = app.ui;
      const count = isOpen ? 0 : unread;
      const open = config?.launcher_label || app.words.say("open");
      const label = isOpen ? app.words.say("close") : open + (count ? `, ${app.words.say("unread", { count })}` : "");
      set(node, { "aria-label": label, "aria-expanded": String(isOpen) });
      node.hidden = app.mode !== "float" || (isOpen && isFull);
      badge.hidden = !count;
      tell(badge, count > 9 ? "9+" : String(count));
    },
  };
}

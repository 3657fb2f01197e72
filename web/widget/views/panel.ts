// The chat itself: what stands above what. Whatever is not needed to begin comes when it is.

import type { State } from "../../client/state";
import { type App, isElsewhere, isEmpty, isWarned, type View } from "../app";
import { h, set } from "../dom";
import { fetchRest, fetchTalk } from "../lazy-parts";
import { en } from "../locale/en";
import buttons from "./buttons.css?inline";
import { composer } from "./composer";
import frame from "./frame.css?inline";
import { header } from "./header";
import { ondemand } from "./ondemand";
import css from "./panel.css?inline";
import { welcome } from "./welcome";

export function panel(app: App): View {
  app.words.learn(en);
  app.adopt(frame + buttons + css);
  const talk = ondemand(
    app,
    () => true,
    () => fetchTalk().then(({ talk }) => talk),
    "fills",
  );
  const chat = [
    welcome(app),
    talk,
    ondemand(app, isWarned, () => fetchRest().then(({ warning }) => warning)),
    composer(app),
  ];
  const rest = [
    header(app),
    ondemand(app, isTroubled, () => fetchTalk().then(({ banner }) => banner)),
    ondemand(
      app,
      (state) => isElsewhere(app, state),
      () => fetchRest().then(({ pages }) => pages),
      "fills",
    ),
  ];
  const inside = h("div", { class: "chat" }, ...chat.map(({ node }) => node));
  const node = h("section", { class: "panel", part: "panel", "aria-labelledby": "title", tabindex: -1 });
  node.append(...rest.map((view) => view.node), inside);
  // The panel stands where the page's direction puts it; what is in it runs in the direction of the language.
  for (const child of node.children) set(child, { dir: app.words.dir });
  node.addEventListener("keydown", (event) => onEscape(app, event));
  node.addEventListener("click", (event) => leaveMenu(app, event));
  return {
    node,
    update(state) {
      describe(app, node);
      if (node.hidden) return;
      inside.hidden = isElsewhere(app, state);
      for (const view of [...rest, ...chat]) view.update(state);
      talk.node.hidden = isEmpty(state);
    },
  };
}

/** Whether there is something to say of it; that is known better once it has lasted. */
function isTroubled({ link, problem, storage }: State): boolean {
  return !!problem || storage === "memory" || link === "offline" || link === "reconnecting" || link === "refused";
}

/** Beside the page it is a dialog that leaves the page usable; over the whole screen one that does not. */
function describe({ mode, ui }: App, node: HTMLElement): void {
  const isDialog = mode === "float";
  node.hidden = isDialog && !ui.isOpen;
  set(node, { role: isDialog ? "dialog" : "region", "aria-modal": isDialog && ui.isFull && "true" });
}

/** Escape closes what is open: first the menu, then the panel. */
function onEscape(app: App, event: KeyboardEvent): void {
  if (event.key !== "Escape" || event.isComposing) return;
  event.preventDefault();
  if (!app.ui.isMenuOpen) {
    app.toggle(false);
    return;
  }
  app.change({ isMenuOpen: false });
  (event.currentTarget as Element).querySelector<HTMLElement>("[aria-controls=menu]")?.focus();
}

function leaveMenu(app: App, event: MouseEvent): void {
  const isInside = (event.target as Element).closest(".menu, [aria-controls=menu]");
  if (app.ui.isMenuOpen && !isInside) app.change({ isMenuOpen: false });
}

// The chat itself: what stands above what.

import type { State } from "../../client/state";
import { type App, isOver, type View } from "../app";
import { h, set } from "../dom";
import { banner } from "./banner";
import { composer } from "./composer";
import { header } from "./header";
import { menu } from "./menu";
import { offers } from "./offers";
import { ondemand } from "./ondemand";
import { transcript } from "./transcript";
import { warning } from "./warning";
import { welcome } from "./welcome";

export function panel(app: App): View {
  const tail = [
    welcome(app),
    ondemand(app, isOver, () => import("./ending").then(({ ending }) => ending)),
    offers(app),
  ];
  const talk = [
    ondemand(app, hasTopics, () => import("./topics").then(({ topics }) => topics)),
    transcript(
      app,
      tail.map(({ node }) => node),
    ),
    warning(app),
    composer(app),
  ];
  const rest = [
    header(app, menu(app)),
    banner(app),
    page(app, "earlier", () => import("./earlier").then(({ earlier }) => earlier)),
    page(app, "memory", () => import("./memory").then(({ memory }) => memory)),
  ];
  const chat = h("div", { class: "chat" }, ...talk.map(({ node }) => node));
  const node = h("section", { class: "panel", part: "panel", role: "dialog", "aria-labelledby": "title" });
  node.append(...rest.map((view) => view.node), chat);
  // The panel stands where the page's direction puts it; what is in it runs in the direction of the language.
  for (const child of node.children) set(child, { dir: app.words.dir });
  node.addEventListener("keydown", (event) => onEscape(app, event));
  node.addEventListener("click", (event) => leaveMenu(app, event));
  return {
    node,
    update(state) {
      node.hidden = app.mode === "float" && !app.ui.isOpen;
      set(node, {
        role: app.mode === "float" ? "dialog" : "region",
        "aria-modal": app.mode === "float" && app.ui.isOpen && app.ui.isFull && "true",
      });
      if (node.hidden) return;
      chat.hidden = app.ui.page !== "chat" || !!state.past;
      for (const view of [...rest, ...tail, ...talk]) view.update(state);
    },
  };
}

function hasTopics({ config, session }: State): boolean {
  return (config?.threads ?? "off") !== "off" && session?.phase === "open";
}

function page(app: App, name: App["ui"]["page"], load: () => Promise<(app: App) => View>): View {
  const isShown = (state: State) => app.ui.page === name || (name === "earlier" && !!state.past);
  return ondemand(app, isShown, load);
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

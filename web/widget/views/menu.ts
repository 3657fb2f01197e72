// What can be done beside talking.

import type { State } from "../../client/state";
import { type App, isOver, type View } from "../app";
import { fill, h, icon } from "../dom";
import { PERSON } from "../icons";
import { BOOK, END, HISTORY, PLUS, SAVE, SHARE, SHIELD } from "../icons-more";
import { linkTo } from "../inline";
import { enMore } from "../locale/en-more";
import type { Key } from "../locale/texts";
import css from "./menu.css?inline";

type Entry = readonly [Key, string, () => unknown];

export function menu(app: App): View {
  app.words.learn(enMore);
  app.adopt(css);
  let wasOpen = false;
  const onKey = (event: KeyboardEvent) => {
    // Whoever is quick opens it again before it was drawn closed.
    if (event.key === "Escape") wasOpen = false;
    walk(node, event);
  };
  const node = h("div", { class: "menu", id: "menu", keydown: onKey });
  return {
    node,
    update(state) {
      const { isMenuOpen } = app.ui;
      if (isMenuOpen && !wasOpen) {
        const last = [privacy(app, state), ending(app, state)].filter((entry) => entry !== null);
        fill(node, [...entries(app, state).map((entry) => drawn(app, entry)), last.length > 0 && h("hr"), ...last]);
        // Once it is in its place.
        queueMicrotask(() => node.querySelector<HTMLElement>("button")?.focus());
      }
      wasOpen = isMenuOpen;
    },
  };
}

function entries(app: App, state: State): Entry[] {
  const { chat } = app;
  const { session, config } = state;
  const isOpen = session?.phase === "open";
  const found: (Entry | false)[] = [
    isOpen && session.floor === "bot" && ["menu_human", PERSON, () => chat.askHuman()],
    isOpen && config?.threads === "manual" && ["topic_new", PLUS, () => app.change({ isNaming: true })],
    ["menu_earlier", HISTORY, () => app.change({ page: "earlier" })],
    !!session &&
      Object.keys(config?.remember ?? {}).length > 0 && ["menu_memory", BOOK, () => app.change({ page: "memory" })],
    !!session && ["menu_elsewhere", SHARE, () => app.change({ page: "elsewhere" })],
    !!session && ["menu_transcript", SAVE, () => save(app)],
    !!session && isOver(state) && ["start_new", PLUS, () => chat.startNew()],
  ];
  return found.filter((entry) => entry !== false);
}

function drawn(app: App, [key, path, act]: Entry): HTMLElement {
  const click = () => {
    app.change({ isMenuOpen: false });
    void act();
  };
  return h("button", { type: "button", click }, icon(path), app.words.say(key));
}

function privacy({ words }: App, { config }: State): HTMLElement | null {
  const address = config?.privacy_link;
  return address ? linkTo(address, [icon(SHIELD), words.say("privacy")]) : null;
}

function ending(app: App, { session }: State): HTMLElement | null {
  return session?.phase === "open" ? drawn(app, ["menu_end", END, () => app.chat.close()]) : null;
}

async function save(app: App): Promise<void> {
  const transcript = await app.chat.downloadTranscript();
  if (!transcript) return;
  const href = URL.createObjectURL(transcript);
  h("a", { href, download: `${app.inbox}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

/** Up and down go from entry to entry. */
function walk(menu: Element, event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = [...menu.querySelectorAll<HTMLElement>("button, a")];
  const at = all.indexOf((menu.getRootNode() as ShadowRoot).activeElement as HTMLElement);
  all[(at + step + all.length) % all.length]?.focus();
}

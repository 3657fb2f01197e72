// What is remembered of the visitor, and having it forgotten.

import type { State } from "../../client/state";
import type { Json } from "../../client/wire";
import type { App, View } from "../app";
import { type Child, h, icon, place } from "../dom";
import { BOOK } from "../icons-more";
import { enMore } from "../locale/en-more";
import { button } from "./buttons";
import css from "./memory.css?inline";

export function memory(app: App): View {
  app.words.learn(enMore);
  app.adopt(css);
  const node = h("div", { class: "remembered" });
  const show = place<State>(
    node,
    (state) => [state.session?.context, state.config, app.words],
    (state) => content(app, state),
  );
  let isAsked = false;
  return {
    node,
    update(state) {
      const isShown = app.ui.page === "memory";
      if (isShown && !isAsked) void app.chat.remember();
      isAsked = isShown;
      show(state);
    },
  };
}

function content(app: App, state: State): readonly Child[] {
  const { words } = app;
  const known = rememberedOf(state, words.locale.tag);
  if (!known.length) return [h("p", { class: "empty" }, icon(BOOK), words.say("memory_none"))];
  const all = button(words.say("memory_forget_all"), () =>
    forget(
      app,
      known.map(({ key }) => key),
    ),
  );
  return [
    h("p", { class: "hint" }, words.say("memory_why")),
    h("dl", { class: "memory" }, ...known.map((each) => entry(app, each))),
    known.length > 1 && all,
  ];
}

export interface Remembered {
  readonly key: string;
  readonly label: string;
  readonly value: string;
}

/** The values a visitor may see, each under its label. */
export function rememberedOf({ session, config }: State, tag: string): Remembered[] {
  const labels = config?.remember ?? {};
  const any = "" in labels;
  return Object.entries(session?.context ?? {})
    .filter(([key, value]) => (any || key in labels) && value !== null)
    .map(([key, value]) => ({ key, label: labelOf(labels[key], tag) || key, value: shown(value) }));
}

function labelOf(texts: Readonly<Record<string, string>> | undefined, tag: string): string | undefined {
  return texts?.[tag] ?? texts?.[tag.split("-")[0] ?? ""] ?? texts?.["en"] ?? Object.values(texts ?? {})[0];
}

function shown(value: Json): string {
  if (Array.isArray(value)) return value.map(shown).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function entry(app: App, { key, label, value }: Remembered): HTMLElement {
  const one = button(app.words.say("memory_forget"), () => forget(app, [key]), "plain");
  one.setAttribute("aria-label", app.words.say("memory_forget_that", { label }));
  return h("div", {}, h("dt", {}, h("bdi", {}, label)), h("dd", {}, h("bdi", {}, value), one));
}

function forget(app: App, keys: readonly string[]): void {
  void app.chat.forget(keys).then(() => {
    if (!app.chat.getState().problem) app.announcer.say(app.words.say("memory_forgotten"));
  });
}

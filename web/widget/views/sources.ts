// Where an answer comes from.

import type { Source } from "../../client/wire";
import type { App } from "../app";
import { h } from "../dom";
import { linkTo } from "../inline";

export function sources({ words }: App, all: readonly Source[]): HTMLElement {
  const list = all.map(({ title, url, passage }) =>
    h("li", { dir: "auto" }, (url && linkTo(url, [title])) || title, passage && h("p", {}, passage)),
  );
  const summary = h("summary", {}, words.say("sources", { count: all.length }));
  return h("details", { class: "sources" }, summary, h("ol", {}, ...list));
}

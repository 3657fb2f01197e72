// The last turn: what the bot was shown, what it found, what it said, and how long that took.

import type { Line, Trace } from "../../client/wire";
import { type Child, fill, h } from "../../widget/dom";
import type { Glass } from "../glass";
import { short } from "../sentences";
import { found } from "./found";
import { disclosure, facts, json, panel } from "./panel";
import { timing } from "./timing";

export function turn(): { readonly node: HTMLElement; update(glass: Glass): void } {
  const body = h("div", {}, h("p", { class: "empty" }, "The bot was not asked yet."));
  const node = panel("turn", "Last turn", "", body);
  let shown: Trace | undefined;
  const update = ({ traces }: Glass) => {
    const last = traces.at(-1);
    if (last?.turn === shown?.turn && last?.attempt === shown?.attempt && last?.session === shown?.session) return;
    shown = last;
    fill(body, last ? content(last) : [h("p", { class: "empty" }, "The bot was not asked yet.")]);
  };
  return { node, update };
}

function content(trace: Trace): Child[] {
  const { end = "answered", known = true } = trace;
  return [
    facts([
      ["turn", `${trace.turn}, attempt ${trace.attempt}`],
      ["bot", `${trace.bot}, release ${short(trace.release)}`],
      ["end", `${end}${known ? "" : ", did not know"}${trace.error ? `: ${trace.error}` : ""}`],
    ]),
    h("h3", {}, "How long it took"),
    timing(trace),
    h("h3", {}, "What it found"),
    ...found(trace),
    h("h3", {}, "What it was shown"),
    ...shownTo(trace),
    disclosure("The whole trace as JSON", () => json(trace)),
  ];
}

function shownTo({ shown }: Trace): Child[] {
  const { lines, dropped, summary, context, carried } = shown;
  const more = [
    dropped > 0 && `${dropped} older messages did not fit.`,
    summary && `Summary: ${summary}`,
    Object.keys(context).length > 0 && `Context: ${JSON.stringify(context)}`,
    Object.keys(carried).length > 0 && `Carried over: ${JSON.stringify(carried)}`,
  ];
  return [
    h("ol", { class: "shown" }, ...lines.map(line)),
    ...more.filter((text): text is string => !!text).map((text) => h("p", { class: "note" }, text)),
  ];
}

function line({ role, text, name }: Line): HTMLElement {
  return h("li", { "data-role": role }, h("b", {}, name ?? role), " ", text);
}

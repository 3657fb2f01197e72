// The last turn: what the bot was shown, what it found, what it said, and how long that took.

import type { Json, Line, Trace } from "../../client/wire";
import { type Child, fill, h } from "../../widget/dom";
import type { Glass } from "../glass";
import { shown as said, short } from "../sentences";
import { many, plain } from "../words";
import { found } from "./found";
import { disclosure, facts, json, panel } from "./panel";
import { timing } from "./timing";

export function turn(): { readonly node: HTMLElement; update(glass: Glass): void } {
  const body = h("div", {}, h("p", { class: "empty" }, "The bot was not asked yet."));
  const node = panel("turn", "The last answer", "", body);
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
      ["question", `no. ${trace.turn}${trace.attempt > 1 ? `, asked ${many(trace.attempt, "time")}` : ""}`],
      ["answered by", `${trace.bot}, version ${short(trace.release)}`],
      ["result", `${plain(end)}${known ? "" : ", did not know"}${trace.error ? `: ${trace.error}` : ""}`],
    ]),
    h("h3", {}, "How long it took"),
    timing(trace),
    h("h3", {}, "What it looked up"),
    ...found(trace),
    h("h3", {}, "What it was shown"),
    ...shownTo(trace),
    disclosure("All of it as JSON", () => json(trace)),
  ];
}

function shownTo({ shown }: Trace): Child[] {
  const { lines, dropped, summary, context, carried } = shown;
  const more = [dropped > 0 && `${many(dropped, "older message")} did not fit.`, summary && `Summed up: ${summary}`];
  const known = [...entries(context, ""), ...entries(carried, ", brought along")];
  return [
    h("ol", { class: "shown" }, ...lines.map(line)),
    ...more.filter((text): text is string => !!text).map((text) => h("p", { class: "note" }, text)),
    known.length > 0 && facts(known),
  ];
}

function entries(known: Readonly<Record<string, Json>>, note: string): [string, string][] {
  return Object.entries(known).map(([key, value]) => [plain(key) + note, said(value)]);
}

function line({ role, text, name }: Line): HTMLElement {
  return h("li", { "data-role": role }, h("b", {}, name ?? role), " ", text);
}

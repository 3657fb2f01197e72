// What a bot looked up: each passage with its score, as the bot itself reported it.

import type { Json, Span, Trace } from "../../client/wire";
import { type Child, h } from "../../widget/dom";
import { plain } from "../words";
import { disclosure, json } from "./panel";

interface Passage {
  readonly title: string;
  readonly heading: string;
  readonly score: number;
}

/** One block for each thing the bot did on the way. */
export function found({ spans = [] }: Trace): Child[] {
  if (!spans.length) return [h("p", { class: "empty" }, "It looked nothing up.")];
  return spans.map((span) => h("div", { class: "span" }, ...did(span)));
}

function did(span: Span): Child[] {
  const passages = passagesOf(span.output);
  const terms = termsOf(span.input);
  return [
    h("p", {}, capital(doing(span)), " ", h("span", { class: "note" }, ms(span.ms))),
    terms.length > 0 &&
      h(
        "p",
        { class: "terms" },
        h("span", { class: "note" }, "by the words"),
        ...terms.map(([term, weight]) => chip(term, weight)),
      ),
    passages.length > 0 && scored(passages),
    span.error && h("p", { class: "note" }, `Error: ${span.error}`),
    disclosure("In and out as JSON", () => json({ input: span.input, output: span.output })),
  ];
}

function chip(term: string, weight: number): HTMLElement {
  return h("span", { class: "chip" }, term, " ", h("small", {}, weight.toFixed(1)));
}

function scored(passages: readonly Passage[]): HTMLElement {
  const best = Math.max(...passages.map(({ score }) => score));
  const rows = passages.map(({ title, heading, score }) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, title, heading && h("small", {}, heading)),
      h("td", {}, h("meter", { min: 0, max: best, value: score, "aria-label": `Score of ${title}` })),
      h("td", { class: "number" }, score.toFixed(2)),
    ),
  );
  const titles = ["passage", "how well it fits", ""].map((title) =>
    title ? h("th", { scope: "col" }, title) : h("td"),
  );
  return h("div", { class: "wide" }, h("table", {}, h("thead", {}, h("tr", {}, ...titles)), h("tbody", {}, ...rows)));
}

/** Everything within a value that has a title and a score; bots differ in how they nest it. */
function passagesOf(value: Json): readonly Passage[] {
  if (isList(value)) return value.flatMap(passagesOf);
  if (!isObject(value)) return [];
  const { title, heading, score } = value;
  if (typeof title !== "string" || typeof score !== "number") return Object.values(value).flatMap(passagesOf);
  return [{ title, heading: typeof heading === "string" ? heading : "", score }];
}

/** The words it looked for, with their weights. */
function termsOf(value: Json): readonly (readonly [string, number])[] {
  if (isList(value)) return value.flatMap(termsOf);
  if (!isObject(value)) return [];
  const { terms } = value;
  if (!isObject(terms ?? null)) return Object.values(value).flatMap(termsOf);
  return Object.entries(terms as object).filter((each): each is [string, number] => typeof each[1] === "number");
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a bot did, in words: `looked up pages`. */
export function doing({ kind, name }: Span): string {
  const verbs: Readonly<Record<string, string>> = { retrieval: "looked up", tool: "called", model: "asked" };
  return `${verbs[kind] ?? plain(kind)} ${plain(name)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function ms(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

// Markdown as nodes. A text that is still growing is taken in piece by piece: finished blocks are never made again.

import { h } from "./dom";
import { inline } from "./inline";

const FENCE = /^ {0,3}(```+|~~~+)\s*[^`]*$/;
const HEADING = /^ {0,3}#{1,6}\s+(.*?)\s*#*$/;
const RULE = /^ {0,3}(?:-{3,}|\*{3,}|_{3,})\s*$/;
const QUOTE = /^ {0,3}> ?(.*)$/;
const ITEM = /^( {0,12})(?:([-*+])|(\d{1,9})[.)])\s+(\S.*)$/;
const TABLE_LINE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$/;
const DEPTH_MAX = 6;

interface Block {
  readonly node: Node;
  /** The line after its last one. */
  readonly end: number;
}

/** All of a text. */
export function markdown(text: string, depth = 0): Node[] {
  return blocks(text.split(/\r\n|\r|\n/), depth).map((block) => block.node);
}

/** Show a growing text within `parent`; call with the whole text so far. */
export function growing(parent: Element): (text: string) => void {
  let shown = "";
  /** Up to here nothing changes any more; its nodes are the first `sealed` ones. */
  let sealedTo = 0;
  let sealed = 0;
  return (given) => {
    const text = given.replace(/\r\n?/g, "\n");
    if (!text.startsWith(shown)) [sealedTo, sealed] = [0, 0];
    shown = text;
    while (parent.childNodes.length > sealed) parent.lastChild?.remove();
    const tail = text.slice(sealedTo);
    const whole = tail.lastIndexOf("\n") + 1;
    const done = blocks(tail.slice(0, whole).split("\n"), 0).slice(0, -1);
    parent.append(...done.map((block) => block.node));
    sealed += done.length;
    const lines = done.at(-1)?.end ?? 0;
    sealedTo += tail.split("\n", lines).reduce((sum, line) => sum + line.length + 1, 0);
    parent.append(...markdown(text.slice(sealedTo)));
  };
}

function blocks(lines: readonly string[], depth: number): Block[] {
  const found: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    if (!lines[at]?.trim()) at += 1;
    else {
      const block = blockAt(lines, at, depth);
      found.push(block);
      at = block.end;
    }
  }
  return found;
}

function blockAt(lines: readonly string[], at: number, depth: number): Block {
  const line = lines[at] as string;
  const fence = FENCE.exec(line)?.[1];
  if (fence) return codeAt(lines, at, fence);
  const heading = HEADING.exec(line)?.[1];
  if (heading) return { node: h("p", { class: "title" }, h("strong", {}, ...inline(heading))), end: at + 1 };
  if (RULE.test(line)) return { node: h("hr"), end: at + 1 };
  if (isTable(lines, at)) return tableAt(lines, at);
  if (depth < DEPTH_MAX && QUOTE.test(line)) return quoteAt(lines, at, depth);
  if (depth < DEPTH_MAX && ITEM.test(line)) return listAt(lines, at, depth);
  const end = until(lines, at + 1, (_, index) => isBegin(lines, index));
  return { node: h("p", {}, ...inline(lines.slice(at, end).join("\n").trim())), end };
}

/** Whether a paragraph ends before this line. */
function isBegin(lines: readonly string[], at: number): boolean {
  const line = lines[at] as string;
  const isBlock = FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line) || ITEM.test(line);
  return !line.trim() || isBlock || isTable(lines, at);
}

function until(lines: readonly string[], from: number, isOver: (line: string, index: number) => boolean): number {
  for (let at = from; at < lines.length; at += 1) if (isOver(lines[at] as string, at)) return at;
  return lines.length;
}

function codeAt(lines: readonly string[], at: number, fence: string): Block {
  const end = until(lines, at + 1, (line) => line.trim().startsWith(fence) && /^\s*[`~]+\s*$/.test(line));
  // Wide code is scrolled with the keys too.
  const node = h("pre", { tabindex: 0, dir: "ltr" }, h("code", {}, lines.slice(at + 1, end).join("\n")));
  return { node, end: Math.min(end + 1, lines.length) };
}

function quoteAt(lines: readonly string[], at: number, depth: number): Block {
  const end = until(lines, at, (line) => !QUOTE.test(line));
  const text = lines.slice(at, end).map((line) => QUOTE.exec(line)?.[1] ?? "");
  return { node: h("blockquote", {}, ...markdown(text.join("\n"), depth + 1)), end };
}

/** Items of the same depth and kind; what is deeper belongs to the item above it. */
function listAt(lines: readonly string[], at: number, depth: number): Block {
  const [, indent = "", bullet, number] = ITEM.exec(lines[at] as string) as RegExpExecArray;
  const list = bullet ? h("ul") : h("ol", { start: number !== "1" && number });
  let end = at;
  while (end < lines.length) {
    const item = ITEM.exec(lines[end] as string);
    if (!item || item[1]?.length !== indent.length || !item[2] !== !bullet) break;
    const next = until(lines, end + 1, (line, index) => isItemOver(lines, line, index, indent.length));
    const [first, ...rest] = [item[4] as string, ...lines.slice(end + 1, next)];
    const inner = rest.findIndex((line) => ITEM.test(line));
    const own = inner < 0 ? rest : rest.slice(0, inner);
    const nested = inner < 0 ? [] : rest.slice(inner);
    list.append(h("li", {}, ...inline([first, ...own].join("\n").trim()), ...markdown(nested.join("\n"), depth + 1)));
    end = until(lines, next, (line) => !!line.trim());
    if (!ITEM.test(lines[end] ?? "")) end = next;
  }
  return { node: list, end };
}

function isItemOver(lines: readonly string[], line: string, at: number, indent: number): boolean {
  const item = ITEM.exec(line);
  if (item) return (item[1]?.length ?? 0) <= indent;
  return isBegin(lines, at);
}

function isTable(lines: readonly string[], at: number): boolean {
  return !!lines[at]?.includes("|") && TABLE_LINE.test(lines[at + 1] ?? "");
}

function tableAt(lines: readonly string[], at: number): Block {
  const end = until(lines, at + 2, (line) => !line.includes("|"));
  const row = (tag: "th" | "td") => (line: string) =>
    h("tr", {}, ...cells(line).map((cell) => h(tag, { scope: tag === "th" && "col" }, ...inline(cell))));
  const body = lines.slice(at + 2, end).map(row("td"));
  const table = h("table", {}, h("thead", {}, row("th")(lines[at] as string)), h("tbody", {}, ...body));
  return { node: h("div", { class: "wide", tabindex: 0 }, table), end };
}

function cells(line: string): string[] {
  const inside = line.trim().replace(/^\||(?<!\\)\|$/g, "");
  return inside.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

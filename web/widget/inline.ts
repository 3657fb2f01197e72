// What stands within a line of Markdown, as nodes: code, bold, italic, links. Whatever is not understood stays text.

import { h } from "./dom";

/** Nested deeper than this it stays text: nobody writes it, and a stack has an end. */
const DEPTH_MAX = 8;
const MARK =
  /\\([\\`*_{}[\]()#+\-.!|>~])|(`+)([^`]|[^`][\s\S]{0,2000}?[^`])\2(?!`)|\*\*(?=\S)([\s\S]{0,2000}?\S)\*\*|__(?=\S)([\s\S]{0,2000}?\S)__|(?<![\p{L}\p{N}*])\*(?=[^\s*])([\s\S]{0,2000}?[^\s*])\*(?!\*)|(?<![\p{L}\p{N}_])_(?=[^\s_])([\s\S]{0,2000}?[^\s_])_(?![\p{L}\p{N}_])|!?\[([^[\]]{1,500})\]\(<?([^\s()<>]{1,2000}(?:\([^\s()<>]*\)[^\s()<>]*)?)>?(?:\s+"[^"]*")?\)|<?((?:https?:\/\/|mailto:)[^\s<>"'`]{1,2000})>?|\n/gu;

/** The nodes of a piece of text. */
export function inline(text: string, depth = 0): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of depth < DEPTH_MAX ? text.matchAll(MARK) : []) {
    if (match.index > end) nodes.push(document.createTextNode(text.slice(end, match.index)));
    nodes.push(...marked(match, depth));
    end = match.index + match[0].length;
  }
  if (end < text.length) nodes.push(document.createTextNode(text.slice(end)));
  return nodes;
}

function marked(match: RegExpMatchArray, depth: number): Node[] {
  const [whole, escaped, , code, bold1, bold2, italic1, italic2, label, address, bare] = match;
  const [bold, italic] = [bold1 ?? bold2, italic1 ?? italic2];
  if (escaped) return [document.createTextNode(escaped)];
  if (code) return [h("code", {}, code)];
  if (bold) return [h("strong", {}, ...inline(bold, depth + 1))];
  if (italic) return [h("em", {}, ...inline(italic, depth + 1))];
  if (label && address) return [link(address, inline(label, DEPTH_MAX)) ?? document.createTextNode(whole)];
  return bare ? bareLink(whole, bare) : [h("br")];
}

/** A link somebody wrote out; the full stop after it is the sentence's. */
function bareLink(whole: string, bare: string): Node[] {
  if (whole.startsWith("<") && whole.endsWith(">")) return [link(bare, [bare]) ?? document.createTextNode(whole)];
  const address = bare.replace(/(?:[.,;:!?*_~]|\)(?![^(]*\())+$/, "");
  const [before, after] = whole.split(address) as [string, string];
  return [before, link(address, [address]) ?? address, after]
    .filter((each) => each !== "")
    .map((each) => (typeof each === "string" ? document.createTextNode(each) : each));
}

/** A link that goes to a page or writes a mail; null for any other address. */
export function link(address: string, content: readonly (Node | string)[]): HTMLAnchorElement | null {
  return /^(https?:\/\/|mailto:)/i.test(address) ? linkTo(address, content) : null;
}

/** A link whose address may also be one within the page's own site. */
export function linkTo(address: string, content: readonly (Node | string)[]): HTMLAnchorElement | null {
  const url = parsed(address);
  if (!url || !/^(https?|mailto):$/.test(url.protocol)) return null;
  const isHere = url.origin === location.origin;
  return h("a", { href: url.href, rel: "noopener noreferrer nofollow ugc", target: !isHere && "_blank" }, ...content);
}

function parsed(address: string): URL | null {
  try {
    return new URL(address, document.baseURI);
  } catch {
    return null;
  }
}

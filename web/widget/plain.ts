// Markdown for ears, not for eyes.

import { markdown } from "./markdown";

/** What a text says, without its marks. */
export function plain(text: string): string {
  return markdown(text)
    .map(spoken)
    .join("\n")
    .replace(/\s*\n\s*/g, "\n")
    .trim();
}

function spoken(node: Node): string {
  const said = node.childNodes.length ? [...node.childNodes].map(spoken).join("") : (node.textContent ?? "");
  if (/^T[DH]$/.test(node.nodeName)) return `${said}, `;
  return /^(P|LI|TR|PRE|BR|BLOCKQUOTE)$/.test(node.nodeName) ? `\n${said}\n` : said;
}

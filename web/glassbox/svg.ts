// Drawing: SVG elements, as `h` makes HTML's.

import { type Attributes, type Child, fill, set } from "../widget/dom";

const SVG = "http://www.w3.org/2000/svg";

export function s<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  const node = document.createElementNS(SVG, tag);
  set(node, attributes);
  fill(node, children);
  return node;
}

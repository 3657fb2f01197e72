// Making and changing nodes. Text is always text: no function here takes HTML.

export type Child = Node | string | number | null | undefined | false;
export type Attributes = Readonly<Record<string, unknown>>;

const SVG = "http://www.w3.org/2000/svg";

/** An element with its attributes and content; a function among the attributes listens to the event of that name. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  set(node, attributes);
  fill(node, children);
  return node;
}

/** A drawing of one path, 24 units wide; what it means is said in words beside it. */
export function icon(path: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** Change attributes: `true` is an empty one, `false` and nothing take it away. */
export function set(node: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value as EventListener);
    else if (value === false || value === null || value === undefined) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value === true ? "" : String(value));
  }
}

/** Replace the content of a node. */
export function fill(node: Element, children: readonly Child[]): void {
  node.replaceChildren(...(children.filter((each) => each || each === 0) as (Node | string)[]));
}

/** Give a node this text, unless it has it: whoever reads there is not disturbed. */
export function tell(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** A place whose content is made anew whenever what it depends on changes; it is hidden while there is none. */
export function place<Facts>(
  node: HTMLElement,
  dependsOn: (facts: Facts) => readonly unknown[],
  make: (facts: Facts) => readonly Child[],
): (facts: Facts) => void {
  let before: readonly unknown[] | null = null;
  node.hidden = true;
  return (facts) => {
    const now = dependsOn(facts);
    if (before?.every((each, index) => each === now[index])) return;
    before = now;
    const content = make(facts);
    fill(node, content);
    node.hidden = content.length === 0;
  };
}

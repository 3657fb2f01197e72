// The life of a session as a drawing, with the state it is in lit.

import type { SessionView } from "../../client/wire";
import { set } from "../../widget/dom";
import { s } from "../svg";

/** A box of the drawing: its name, where its middle is, and how wide it is. */
type Box = readonly [name: string, x: number, y: number, width: number];

const FLOORS: readonly Box[] = [
  ["bot", 82, 70, 88],
  ["queue", 200, 70, 88],
  ["agent", 318, 70, 88],
];
const PHASES: readonly Box[] = [
  ["closed", 88, 218, 124],
  ["archived", 318, 218, 124],
];
const ARROWS: readonly string[] = [
  "M127 65H154",
  "M246 65H272",
  "M273 76H246",
  "M155 76H128",
  "M74 152V194",
  "M104 196V154",
  "M150 218H254",
];
const LABELS: readonly (readonly [string, number, number, string])[] = [
  ["open", 30, 34, "start"],
  ["who answers", 370, 34, "end"],
  ["closes", 66, 178, "end"],
  ["resumed", 112, 178, "start"],
  ["window over", 202, 209, "middle"],
];

export function diagram(): { readonly node: SVGSVGElement; update(session: SessionView | null): void } {
  const boxes = new Map([...FLOORS, ...PHASES].map((box) => [box[0], drawn(box)]));
  const open = s("rect", { x: 14, y: 12, width: 372, height: 140, rx: 16, class: "phase" });
  const waits = s("text", { x: 200, y: 120, "text-anchor": "middle", class: "waits" });
  const warned = s("text", { x: 200, y: 141, "text-anchor": "middle", class: "warned" });
  const lines = ARROWS.map((d) => s("path", { d, class: "arrow", "marker-end": "url(#tip)" }));
  const labels = LABELS.map(([text, x, y, anchor]) => s("text", { x, y, "text-anchor": anchor, class: "label" }, text));
  const node = s("svg", { viewBox: "0 0 400 250", role: "img" }, tip(), open, ...lines, ...labels, waits, warned);
  node.append(...boxes.values());
  const update = (session: SessionView | null) => {
    const isOpen = session?.phase === "open";
    for (const [name, box] of boxes)
      box.classList.toggle("lit", isOpen ? session.floor === name : session?.phase === name);
    open.classList.toggle("lit", isOpen);
    waits.textContent = isOpen ? `waits for the ${session.waiting_on}` : "";
    warned.textContent = isOpen && session.warned_at ? "warned" : "";
    set(node, { "aria-label": inWords(session) });
  };
  update(null);
  return { node, update };
}

function drawn([name, x, y, width]: Box): SVGGElement {
  const rect = s("rect", { x: x - width / 2, y: y - 22, width, height: 44, rx: 12 });
  return s("g", { class: "box" }, rect, s("text", { x, y: y + 5, "text-anchor": "middle" }, name));
}

function tip(): SVGDefsElement {
  const head = { id: "tip", viewBox: "0 0 8 8", refX: 6, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" };
  return s("defs", {}, s("marker", head, s("path", { d: "M0 0L8 4L0 8Z" })));
}

function inWords(session: SessionView | null): string {
  if (!session) return "Life of a session: none is open yet.";
  const warned = session.warned_at && session.phase === "open" ? ", warned" : "";
  const floor =
    session.phase === "open" ? `, the ${session.floor} answers, it waits for the ${session.waiting_on}` : "";
  return `Life of a session. Now: ${session.phase}${floor}${warned}.`;
}

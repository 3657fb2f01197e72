// The life of a chat as a drawing, with the state it is in lit.

import type { SessionView } from "../../client/wire";
import { set, tell } from "../../widget/dom";
import { s } from "../svg";
import { PHASES, who, whoAnswers } from "../words";

/** A box of the drawing: its name, where its middle is, how wide it is, and what is written in it. */
type Box = readonly [name: string, x: number, y: number, width: number, lines: readonly string[]];

const FLOORS: readonly Box[] = [
  ["bot", 78, 72, 96, ["the bot"]],
  ["queue", 200, 72, 96, ["waiting for", "a person"]],
  ["agent", 322, 72, 96, ["a person"]],
];
const PHASE_BOXES: readonly Box[] = [
  ["closed", 98, 220, 150, ["closed, can go on"]],
  ["archived", 322, 220, 116, ["filed away"]],
];
const ARROWS: readonly string[] = [
  "M127 66H149",
  "M249 66H271",
  "M273 78H251",
  "M151 78H129",
  "M74 154V196",
  "M104 198V156",
  "M174 220H261",
];
const LABELS: readonly (readonly [string, number, number, string])[] = [
  ["open", 30, 36, "start"],
  ["who answers", 370, 36, "end"],
  ["closes", 66, 180, "end"],
  ["comes back", 112, 180, "start"],
  ["too late", 216, 211, "middle"],
];
const NAME_CHARS_MAX = 12;
const LINE = 16;

export function diagram(): { readonly node: SVGSVGElement; update(session: SessionView | null): void } {
  const boxes = new Map([...FLOORS, ...PHASE_BOXES].map((box) => [box[0], drawn(box)]));
  const open = s("rect", { x: 14, y: 14, width: 372, height: 140, rx: 16, class: "phase" });
  const waits = s("text", { x: 200, y: 122, "text-anchor": "middle", class: "waits" });
  const warned = s("text", { x: 200, y: 143, "text-anchor": "middle", class: "warned" });
  const lines = ARROWS.map((d) => s("path", { d, class: "arrow", "marker-end": "url(#tip)" }));
  const labels = LABELS.map(([text, x, y, anchor]) => s("text", { x, y, "text-anchor": anchor, class: "label" }, text));
  const node = s("svg", { viewBox: "0 0 400 256", role: "img" }, tip(), open, ...lines, ...labels, waits, warned);
  node.append(...boxes.values());
  const person = boxes.get("agent")?.querySelector("text");
  const update = (session: SessionView | null) => {
    const isOpen = session?.phase === "open";
    for (const [name, box] of boxes)
      box.classList.toggle("lit", isOpen ? session.floor === name : session?.phase === name);
    open.classList.toggle("lit", isOpen);
    tell(waits, isOpen ? `waits for ${who(session.waiting_on)}` : "");
    tell(warned, isOpen && session.warned_at ? "warned: about to close" : "");
    if (person) tell(person, brief(session?.agent_name ?? "a person"));
    set(node, { "aria-label": inWords(session) });
  };
  update(null);
  return { node, update };
}

function drawn([, x, y, width, lines]: Box): SVGGElement {
  const rect = s("rect", { x: x - width / 2, y: y - 23, width, height: 46, rx: 12 });
  const top = y + 5 - ((lines.length - 1) * LINE) / 2;
  const texts = lines.map((text, index) => s("text", { x, y: top + index * LINE, "text-anchor": "middle" }, text));
  return s("g", { class: lines.length > 1 ? "box small" : "box" }, rect, ...texts);
}

function brief(name: string): string {
  return name.length > NAME_CHARS_MAX ? `${name.slice(0, NAME_CHARS_MAX - 1)}…` : name;
}

function tip(): SVGDefsElement {
  const head = { id: "tip", viewBox: "0 0 8 8", refX: 6, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" };
  return s("defs", {}, s("marker", head, s("path", { d: "M0 0L8 4L0 8Z" })));
}

function inWords(session: SessionView | null): string {
  if (!session) return "The life of a chat: none has begun.";
  const { phase, floor, agent_name, waiting_on, warned_at } = session;
  if (phase !== "open") return `The life of a chat. Now: ${PHASES[phase]}.`;
  const warned = warned_at ? ", the visitor is warned" : "";
  return `The life of a chat. Now: open, ${whoAnswers(floor, agent_name)}, it waits for ${who(waiting_on)}${warned}.`;
}

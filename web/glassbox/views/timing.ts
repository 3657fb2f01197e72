// How a turn spent its time, drawn to scale.

import type { Trace } from "../../client/wire";
import { s } from "../svg";
import { doing, ms } from "./found";

const WIDTH = 400;
const LEFT = 118;
const RIGHT = 62;
const ROW = 26;

export function timing({ spans = [], first_delta_ms, ms: whole = 0 }: Trace): SVGSVGElement {
  const bars: (readonly [string, number])[] = [
    ...spans.map((span) => [doing(span), span.ms] as const),
    ...(first_delta_ms == null ? [] : [["first words", first_delta_ms] as const]),
    ["whole answer", whole],
  ];
  const most = Math.max(1, ...bars.map(([, value]) => value));
  const rows = bars.flatMap(([name, value], index) => {
    const y = index * ROW;
    const width = Math.max(2, (value / most) * (WIDTH - LEFT - RIGHT));
    return [
      s("text", { x: LEFT - 8, y: y + 17, "text-anchor": "end" }, name),
      s("rect", { x: LEFT, y: y + 5, width, height: ROW - 10, rx: 4 }),
      s("text", { x: LEFT + width + 6, y: y + 17 }, ms(value)),
    ];
  });
  const said = bars.map(([name, value]) => `${name}: ${ms(value)}`).join("; ");
  return s(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${bars.length * ROW}`, role: "img", class: "timing", "aria-label": said },
    ...rows,
  );
}

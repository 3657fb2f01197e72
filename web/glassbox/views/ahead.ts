// Says that the demo's clock was moved, and what it shows: else nobody understands the times.

import { h, set, tell } from "../../widget/dom";
import { type Glass, serverMs } from "../glass";
import { clock } from "../sentences";
import { length } from "../words";

const AHEAD_SECONDS_MIN = 2;
const EVERY_MS = 250;

export function ahead(glass: () => Glass): { readonly node: HTMLElement; update(glass: Glass): void } {
  const now = h("time", {});
  const by = h("span", {});
  const node = h("p", { class: "ahead", hidden: true }, "The demo’s clock shows ", now, by);
  const tick = () => tell(now, clock(serverMs(glass(), Date.now())));
  const update = ({ place }: Glass) => {
    const seconds = place?.ahead_seconds ?? 0;
    set(node, { hidden: seconds < AHEAD_SECONDS_MIN });
    tell(by, `: it was skipped ${length(seconds)} ahead of yours.`);
    tick();
  };
  setInterval(tick, EVERY_MS);
  return { node, update };
}

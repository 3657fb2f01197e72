// The six steps: each ticks itself off; the one at hand says what to do.

import { fill, h, set, tell } from "../../widget/dom";
import { type Glass, serverMs } from "../glass";
import { done, STEPS, type Step } from "../steps";
import type { Watch } from "../watch";
import { ahead } from "./ahead";
import { type Facts, finished, HINTS } from "./hints";
import type { Shop } from "./shop";

const TITLES: Readonly<Record<Step, string>> = {
  ask: "Ask",
  page: "Change page",
  tab: "Close the tab, come back",
  keep: "Nearly too late",
  resume: "Too late, and back",
  kill: "Kill the server",
};
const TICKED = "glassbox:ticked";

export function steps(watch: Watch, shop: Shop): { readonly node: HTMLElement; update(glass: Glass): void } {
  const ticked = new Set(kept());
  const hint = h("div", { class: "hint" });
  const at = h("p", { class: "at", "aria-hidden": "true" });
  const time = ahead(() => watch.glass);
  const said = h("p", { class: "said", role: "status" });
  const facts: Facts = { watch, shop, said };
  let chosen: Step | null = null;
  const buttons = new Map(STEPS.map((step, index) => [step, button(step, index, () => choose(step))]));
  const list = h("ol", {}, ...[...buttons.values()].map((each) => h("li", {}, each)));
  const again = h("button", { type: "button", class: "again", hidden: true, click: () => begin() }, "Start over");
  const node = h(
    "section",
    { class: "steps", "aria-labelledby": "steps-title" },
    h("h2", { id: "steps-title" }, "Six steps to try"),
    list,
    h("div", { class: "guide" }, at, hint, time.node, again),
    said,
  );
  let shown = "";

  function choose(step: Step): void {
    chosen = step;
    update(watch.glass);
  }

  function begin(): void {
    ticked.clear();
    watch.note({ sinceMs: serverMs(watch.glass, Date.now()), closedTab: null, gonePid: null });
    keep(ticked);
    chosen = null;
    update(watch.glass);
  }

  function update(glass: Glass): void {
    const before = ticked.size;
    for (const step of done(glass)) ticked.add(step);
    if (ticked.size > before) {
      keep(ticked);
      chosen = null;
    }
    time.update(glass);
    show(glass, chosen ?? STEPS.find((step) => !ticked.has(step)) ?? null);
  }

  function show(glass: Glass, current: Step | null): void {
    tell(at, current ? `${STEPS.indexOf(current) + 1}. ${TITLES[current]}` : "Done");
    for (const [step, each] of buttons)
      set(each, {
        "aria-current": step === current && "step",
        "data-done": ticked.has(step),
        "aria-describedby": ticked.has(step) && "done-word",
      });
    again.hidden = ticked.size === 0;
    const key = JSON.stringify([
      current,
      ticked.size,
      glass.server,
      glass.place?.pid,
      shop.isOpen,
      glass.session?.id,
      glass.session?.phase,
      glass.session?.warned_at,
    ]);
    if (key === shown) return;
    shown = key;
    tell(said, "");
    fill(hint, current ? HINTS[current](glass, facts) : finished());
  }

  node.append(h("span", { id: "done-word", hidden: true }, "done"));
  return { node, update };
}

function button(step: Step, index: number, click: () => void): HTMLButtonElement {
  return h(
    "button",
    { type: "button", click },
    h("span", { class: "mark", "aria-hidden": "true" }, index + 1),
    h("span", { class: "name" }, TITLES[step]),
  );
}

function kept(): Step[] {
  try {
    return JSON.parse(sessionStorage.getItem(TICKED) ?? "[]");
  } catch {
    return [];
  }
}

function keep(ticked: ReadonlySet<Step>): void {
  try {
    sessionStorage.setItem(TICKED, JSON.stringify([...ticked]));
  } catch {
    // Then they are ticked as long as the page lasts.
  }
}

// What there is to do for each step, in the visitor's words.

import { type Child, h } from "../../widget/dom";
import { type Glass, isOwn } from "../glass";
import type { Step } from "../steps";
import type { Goal, Watch } from "../watch";
import { command } from "./command";
import type { Shop } from "./shop";

export interface Facts {
  readonly watch: Watch;
  readonly shop: Shop;
  readonly said: HTMLElement;
}

export const HINTS: Readonly<Record<Step, (glass: Glass, facts: Facts) => Child[]>> = {
  ask: () => [h("p", {}, "Open the chat in the shop and ask, for example: “How long does delivery to Austria take?”")],
  page: () => [
    h(
      "p",
      {},
      "Go to another page of the shop, by a link in it or a bookmark above it. The chat comes along: ask something there too.",
    ),
  ],
  tab: ({ notes, session }, { shop }) => {
    if (!shop.isOpen)
      return [
        h("p", {}, "Now open it again, and go on writing where you were."),
        act("Open the shop again", () => shop.open()),
      ];
    if (notes.closedTab && notes.closedTab.session === session?.id)
      return [h("p", {}, "The chat is where you left it. Write something to go on.")];
    return [h("p", {}, "Close the shop’s tab."), act("Close the tab", () => shop.close())];
  },
  keep: ({ session }, facts) =>
    session?.warned_at
      ? [h("p", {}, "The chat says that it is about to close. Keep it open.")]
      : [
          h("p", {}, "Say nothing for two minutes, or do not wait. Then keep the chat open."),
          ...skipping("Skip to the warning", "warning", facts),
        ],
  resume: ({ session }, facts) => [
    session?.phase === "closed"
      ? h("p", {}, "The chat is closed; nothing in it is lost. Continue it.")
      : h("p", {}, "Say nothing until the chat closes, or do not wait. Then continue it."),
    ...(session?.phase === "open" ? skipping("Skip to the closing", "closing", facts) : []),
  ],
  kill: ({ server, place }) =>
    server === "gone"
      ? [pair("The server is gone, this page is not. Bring the server back, and go on chatting:", place?.restart)]
      : [
          pair("Ask, and while the answer is being written type in another terminal:", place && `kill -9 ${place.pid}`),
          pair("Then start it again:", place?.restart),
        ],
};

export function finished(): Child[] {
  return [
    h("p", {}, "All six are done: nothing was lost on the way. "),
    h("a", { href: "/demo" }, "See what else there is to try"),
  ];
}

function pair(text: string, typed: string | null | undefined): Child {
  return h("div", { class: "pair" }, h("p", {}, text), typed && command(typed));
}

function act(name: string, click: () => void): HTMLButtonElement {
  return h("button", { type: "button", class: "primary", click }, name);
}

function skipping(name: string, to: Goal, { watch, said }: Facts): Child[] {
  const button = act(name, async () => {
    button.disabled = true;
    said.textContent = isOwn(watch.glass, watch.glass.session) ? ((await watch.skip(to)) ?? "") : NOT_BEGUN;
    button.disabled = false;
  });
  return [button, h("p", { class: "note" }, "It moves the clock of the whole demo ahead, for every chat in it.")];
}

const NOT_BEGUN = "Ask something in your chat first: it has not begun.";

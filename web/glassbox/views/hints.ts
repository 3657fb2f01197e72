// What there is to do for each step, in the visitor's words.

import { type Child, h } from "../../widget/dom";
import type { Glass } from "../glass";
import type { Step } from "../steps";
import type { Watch } from "../watch";
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
  keep: ({ session }, facts) => [
    session?.warned_at
      ? h("p", {}, "The chat says that it is about to close. Keep it open.")
      : h("p", {}, "Say nothing for two minutes, or do not wait. Then keep the chat open."),
    !session?.warned_at && act("Skip to the warning", () => skip("warning", facts)),
  ],
  resume: ({ session }, facts) => [
    session?.phase === "closed"
      ? h("p", {}, "The chat is closed; nothing in it is lost. Continue it.")
      : h("p", {}, "Say nothing until the chat closes, or do not wait. Then continue it."),
    session?.phase === "open" && act("Skip to the closing", () => skip("closing", facts)),
  ],
  kill: ({ server, place }) =>
    server === "gone"
      ? [h("p", {}, "The server is gone. Type this to bring it back, and go on chatting:"), command(place?.restart)]
      : [
          h("p", {}, "In another terminal, best while an answer is being written:"),
          command(place && `kill -9 ${place.pid}`),
          h("p", {}, "Then start it again and go on chatting:"),
          command(place?.restart),
        ],
};

function act(name: string, click: () => void): HTMLElement {
  return h("button", { type: "button", class: "primary", click }, name);
}

function command(text: string | null | undefined): Child {
  return text && h("code", { class: "command", tabindex: 0 }, text);
}

async function skip(to: "warning" | "closing", { watch, said }: Facts): Promise<void> {
  said.textContent = (await watch.skip(to)) ?? "";
}

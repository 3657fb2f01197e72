// Which chat is looked into, and whether what is shown is up to date.

import { h, tell } from "../../widget/dom";
import type { Glass } from "../glass";
import { clock, short } from "../sentences";
import type { Watch } from "../watch";

export function head(watch: Watch): { readonly node: HTMLElement; update(glass: Glass): void } {
  const select = h("select", { id: "which", change: () => watch.choose(select.value || null) });
  const state = h("p", { class: "link", role: "status" });
  const label = h("label", { for: "which" }, "Looking into");
  const node = h(
    "div",
    { class: "head" },
    h("h1", {}, "Glass box"),
    h("div", { class: "which" }, label, select),
    state,
  );
  let shown = "";
  const update = (glass: Glass) => {
    const options: [string, string][] = [
      ["", "the newest chat"],
      ...glass.sessions.map(({ id, inbox, phase, opened_at }): [string, string] => [
        id,
        `${inbox} ${short(id)}, ${clock(opened_at)}, ${phase}`,
      ]),
    ];
    if (JSON.stringify(options) !== shown) {
      shown = JSON.stringify(options);
      select.replaceChildren(...options.map(([value, text]) => h("option", { value }, text)));
    }
    select.value = glass.chosen ?? "";
    const word = standing(glass);
    tell(state, word);
    state.dataset["state"] = word;
  };
  return { node, update };
}

function standing({ server, link, session }: Glass): string {
  if (server === "gone") return "server gone";
  if (server === "refused") return "key refused";
  if (!session) return server === "there" ? "waiting for a chat" : "connecting";
  return link === "online" ? "live" : "connecting";
}

// Asks for the agent's key where the page was not given it: on another machine, or in a browser that does not say who asks.

import { h } from "../../widget/dom";

export function keyForm(onKey: (key: string) => void): HTMLElement {
  const field = h("input", { id: "key", type: "password", autocomplete: "off", required: true });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onKey(field.value.trim());
  };
  return h(
    "form",
    { class: "key", submit },
    h("h2", {}, "The glass box needs the agent’s key"),
    h(
      "p",
      {},
      "It opens by itself on the machine the demo runs on. Elsewhere, give it the key ",
      h("code", {}, "agent"),
      " from ",
      h("code", {}, "keys.json"),
      " in the demo’s data folder. It stays in this page’s memory.",
    ),
    h("label", { for: "key" }, "Agent’s key"),
    h("div", { class: "row" }, field, h("button", { type: "submit" }, "Open")),
  );
}

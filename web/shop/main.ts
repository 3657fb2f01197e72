// What the shop's pages do: show the cart, and put things into it.

import { h } from "../widget/dom";
import { type Line, read, write } from "./cart";
import { tellChat } from "./telling";

function find(name: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-cart-${name}]`);
}

function showCount(): void {
  const count = find("count");
  if (!count) return;
  const lines = read().length;
  count.hidden = lines === 0;
  count.replaceChildren(h("span", { "aria-hidden": "true" }, lines), h("span", { class: "unseen" }, `${lines} in it`));
}

function showLines(): void {
  const [list, full, empty, total] = [find("lines"), find("full"), find("empty"), find("total")];
  if (!list || !full || !empty || !total) return;
  const lines = read();
  full.hidden = lines.length === 0;
  empty.hidden = lines.length > 0;
  total.textContent = `€${lines.reduce((sum, line) => sum + line.euros, 0)}`;
  list.replaceChildren(...lines.map(row));
}

function row(line: Line, index: number): HTMLElement {
  const takeOut = () => {
    write(read().filter((_, at) => at !== index));
    show();
    tellCart();
    document.querySelector<HTMLElement>("main")?.focus();
  };
  return h(
    "li",
    {},
    h("img", { src: `/demo/assets/pictures/${line.product}.svg`, width: 72, height: 72, alt: "" }),
    h("a", { href: `/products/${line.product}` }, line.name),
    h("span", {}, `€${line.euros}`),
    h("small", {}, `Size ${line.size}`),
    h("button", { type: "button", click: takeOut, "aria-label": `Remove ${line.name}` }, "Remove"),
  );
}

function show(): void {
  showCount();
  showLines();
}

function buy(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  const { product = "", name = "", euros = "0" } = form.dataset;
  event.preventDefault();
  const size = String(new FormData(form).get("size"));
  const kept = write([...read(), { product, name, size, euros: Number(euros) }]);
  showCount();
  tellCart();
  const link = h("a", { href: "/cart" }, "See the cart");
  const sad = "Your browser keeps nothing for this page, so there can be no cart.";
  find("said")?.replaceChildren(...(kept ? [`${name}, size ${size}, is in the cart. `, link] : [sad]));
}

function tellCart(): void {
  tellChat({ cart: read().map(({ name, size }) => `${name}, ${size}`) });
}

const form = document.querySelector<HTMLFormElement>("form.buy");
form?.addEventListener("submit", buy);
if (form?.dataset["name"]) tellChat({ looked_at: form.dataset["name"] });
addEventListener("storage", show);
addEventListener("pageshow", show);
show();

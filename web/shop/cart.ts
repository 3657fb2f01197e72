// The shop's cart. It is kept in the visitor's browser alone: no cookie, no request.

import { h } from "../widget/dom";

interface Line {
  readonly product: string;
  readonly name: string;
  readonly size: string;
  readonly euros: number;
}

const KEY = "wollgrat:cart";
const LINES_MAX = 50;

function read(): readonly Line[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isLine) : [];
  } catch {
    // Storage is refused, or holds what is not ours: the cart is empty.
    return [];
  }
}

function isLine(value: unknown): value is Line {
  const line = value as Partial<Line> | null;
  return typeof line?.name === "string" && /^[a-z-]+$/.test(String(line.product)) && Number.isFinite(line.euros);
}

function write(lines: readonly Line[]): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify(lines.slice(-LINES_MAX)));
    return true;
  } catch {
    return false;
  }
}

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
    document.querySelector<HTMLElement>("main")?.focus();
  };
  return h(
    "li",
    {},
    h("img", { src: `/demo/assets/pictures/${line.product}.svg`, width: 72, height: 72, alt: "" }),
    h("a", { href: `/products/${line.product}` }, line.name),
    h("span", {}, `€${line.euros}`),
    h("small", {}, `Size ${line.size}`),
    h("button", { type: "button", click: takeOut, "aria-label": `Take out ${line.name}` }, "Take out"),
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
  const link = h("a", { href: "/cart" }, "Look at the cart");
  const sad = "Your browser keeps nothing for this page, so there can be no cart.";
  find("said")?.replaceChildren(...(kept ? [`${name}, size ${size}, is in the cart. `, link] : [sad]));
}

document.querySelector<HTMLFormElement>("form.buy")?.addEventListener("submit", buy);
addEventListener("storage", show);
addEventListener("pageshow", show);
show();

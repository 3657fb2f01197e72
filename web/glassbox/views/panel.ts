// A panel of the glass box: a titled part of the page.

import { type Child, h } from "../../widget/dom";

export function panel(name: string, title: string, note: string, ...content: readonly Child[]): HTMLElement {
  return h(
    "section",
    { class: `panel ${name}`, "aria-labelledby": `${name}-title` },
    h("h2", { id: `${name}-title` }, title),
    note && h("p", { class: "note" }, note),
    ...content,
  );
}

/** Names with what they stand for. */
export function facts(pairs: readonly (readonly [string, Child])[]): HTMLElement {
  const rows = pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
  return h("dl", { class: "facts" }, ...rows);
}

/** Text behind a name, shown when it is asked for. */
export function disclosure(name: string, content: () => Node): HTMLDetailsElement {
  const details = h("details", {}, h("summary", {}, name));
  const show = () => details.open && details.childElementCount === 1 && details.append(content());
  details.addEventListener("toggle", show);
  return details;
}

export function json(value: unknown): HTMLElement {
  return h("pre", { tabindex: 0 }, h("code", {}, JSON.stringify(value, null, 2)));
}

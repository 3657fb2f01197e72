// What is known while talking, who said so, and whether anybody vouches for it; and the threads.

import type { SessionView, ThreadView } from "../../client/wire";
import { fill, h } from "../../widget/dom";
import type { Glass } from "../glass";
import { context, type Known } from "../provenance";
import { clock, short } from "../sentences";
import { panel } from "./panel";

export function contextPanel(): { readonly node: HTMLElement; update(glass: Glass): void } {
  const body = h("div");
  const node = panel("context", "Context", "", body);
  const update = ({ events, session }: Glass) => {
    const known = context(events);
    const isSealed = session !== null && session.phase !== "open";
    fill(body, [
      isSealed && h("p", { class: "note" }, "Sealed: no bot reads it until the chat is taken up again."),
      known.length
        ? h("ul", { class: "known" }, ...known.map(row))
        : h("p", { class: "empty" }, "Nothing is known beyond what was said."),
    ]);
  };
  return { node, update };
}

function row({ key, scope, entry, seq, from }: Known): HTMLElement {
  const said = `${entry.by}, ${entry.verified ? "verified" : "unverified"}`;
  const origin = from ? `carried from ${short(from)}` : `event ${seq}`;
  const when = entry.set_at ? ` · ${clock(entry.set_at)}` : "";
  return h(
    "li",
    {},
    h("p", {}, h("code", {}, key), " ", typeof entry.value === "string" ? entry.value : JSON.stringify(entry.value)),
    h("p", { class: "note" }, `from the ${said} · ${scope} · ${origin}${when}`),
  );
}

export function threads(): { readonly node: HTMLElement; update(glass: Glass): void } {
  const list = h("ul", { class: "threads" });
  const node = panel("thread", "Threads", "", list);
  const update = ({ events, session }: Glass) => {
    const count = (id: string | null) =>
      events.filter((each) => each.type === "message_posted" && each.thread === id).length;
    const named = (session?.threads ?? []).map((each) => thread(each, count(each.id)));
    const rest = count(null);
    fill(list, [...named, rest > 0 && h("li", {}, "without a thread", messages(rest)), none(session, rest)]);
  };
  return { node, update };
}

function thread({ id, title, topic, status, current }: ThreadView, count: number): HTMLElement {
  const name = title ?? topic ?? short(id);
  return h("li", { "aria-current": current && "true" }, h("b", {}, name), ` ${status}`, messages(count));
}

function messages(count: number): HTMLElement {
  return h("span", { class: "note" }, ` · ${count} ${count === 1 ? "message" : "messages"}`);
}

function none(session: SessionView | null, rest: number): HTMLElement | false {
  return !session?.threads.length && rest === 0 && h("li", { class: "empty" }, "None yet.");
}

// What is known while talking, who said so, and whether anybody vouches for it; and the topics.

import type { Scope, SessionView, ThreadView } from "../../client/wire";
import { fill, h } from "../../widget/dom";
import type { Glass } from "../glass";
import { context, type Known } from "../provenance";
import { clock, short, shown } from "../sentences";
import { many, plain, THREADS, who } from "../words";
import { panel } from "./panel";

const SCOPES: Readonly<Record<Scope, string>> = {
  session: "for this chat",
  thread: "for this topic",
  visitor: "for all chats of this visitor",
};

export function contextPanel(): { readonly node: HTMLElement; update(glass: Glass): void } {
  const body = h("div");
  const node = panel("context", "What is known", "", body);
  const update = ({ events, session }: Glass) => {
    const known = context(events);
    const isSealed = session !== null && session.phase !== "open" && known.length > 0;
    fill(body, [
      isSealed && h("p", { class: "note" }, "Put away: no bot reads it until the chat is taken up again."),
      known.length
        ? h("ul", { class: "known" }, ...known.map(row))
        : h("p", { class: "empty" }, "Only what was said. Look at a product in the shop, and the chat knows it."),
    ]);
  };
  return { node, update };
}

function row({ key, scope, entry, seq, from }: Known): HTMLElement {
  const said = `from ${who(entry.by)}, ${entry.verified ? "vouched for" : "not vouched for"}`;
  const origin = from ? `brought along from chat ${short(from)}` : `since no. ${seq}`;
  const when = entry.set_at ? `, ${clock(entry.set_at)}` : "";
  return h(
    "li",
    {},
    h("p", {}, h("span", { class: "key-name" }, plain(key)), " ", h("b", {}, shown(entry.value))),
    h("p", { class: "note" }, `${said} · ${SCOPES[scope]} · ${origin}${when}`),
  );
}

export function threads(): { readonly node: HTMLElement; update(glass: Glass): void } {
  const list = h("ul", { class: "threads" });
  const node = panel("thread", "Topics", "", list);
  const update = ({ events, session }: Glass) => {
    const count = (id: string | null) =>
      events.filter((each) => each.type === "message_posted" && each.thread === id).length;
    const named = (session?.threads ?? []).map((each) => thread(each, count(each.id)));
    const rest = count(null);
    fill(list, [...named, rest > 0 && h("li", {}, "no topic chosen", messages(rest)), none(session, rest)]);
  };
  return { node, update };
}

function thread({ id, title, topic, status, current }: ThreadView, count: number): HTMLElement {
  const name = title ?? topic ?? short(id);
  return h("li", { "aria-current": current && "true" }, h("b", {}, name), ` ${THREADS[status]}`, messages(count));
}

function messages(count: number): HTMLElement {
  return h("span", { class: "note" }, ` · ${many(count, "message")}`);
}

function none(session: SessionView | null, rest: number): HTMLElement | false {
  return !session?.threads.length && rest === 0 && h("li", { class: "empty" }, "None yet.");
}

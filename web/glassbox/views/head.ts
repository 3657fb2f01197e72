// Which chat is looked into, whose that is, and whether what is shown is up to date.

import type { SessionView } from "../../client/wire";
import { fill, h, tell } from "../../widget/dom";
import { type Glass, isOwn } from "../glass";
import { clock, short } from "../sentences";
import type { Watch } from "../watch";
import { PHASES } from "../words";

export function head(watch: Watch): { readonly node: HTMLElement; update(glass: Glass): void } {
  const select = h("select", { id: "which", change: () => watch.choose(select.value || null) });
  const state = h("p", { class: "link", role: "status" });
  const notice = h("p", { class: "notice", role: "status" });
  const node = h(
    "div",
    { class: "head" },
    h("h1", {}, "Glass box"),
    h("div", { class: "which" }, h("label", { for: "which" }, "Looking into"), select),
    state,
    notice,
  );
  let listed = "";
  let noticed = "";
  const update = (glass: Glass) => {
    const key = JSON.stringify([glass.own, glass.sessions.map(({ id, phase }) => [id, phase])]);
    if (key !== listed) {
      listed = key;
      fill(select, choices(glass));
    }
    select.value = glass.chosen ?? "";
    const word = standing(glass);
    tell(state, word);
    state.dataset["state"] = word;
    const trouble = troubleWith(glass);
    if (trouble === noticed) return;
    noticed = trouble;
    fill(notice, NOTICES[trouble](watch));
    notice.hidden = trouble === "none";
  };
  return { node, update };
}

function choices(glass: Glass): HTMLElement[] {
  const mine = glass.sessions.filter((each) => isOwn(glass, each));
  const theirs = glass.sessions.filter((each) => !isOwn(glass, each));
  const found = [h("option", { value: "" }, "your chat")];
  return [...found, ...group("All your chats", mine), ...group("Chats of other visitors", theirs)];
}

function group(label: string, sessions: readonly SessionView[]): HTMLElement[] {
  if (!sessions.length) return [];
  const options = sessions.map((each) => h("option", { value: each.id }, inWords(each)));
  return [h("optgroup", { label }, ...options)];
}

function inWords({ id, inbox, phase, opened_at }: SessionView): string {
  return `${inbox} ${short(id)}, ${clock(opened_at)}, ${PHASES[phase]}`;
}

function standing({ server, link, session }: Glass): string {
  if (server === "gone") return "server gone";
  if (server === "refused") return "key refused";
  if (!session) return server === "there" ? "waiting for a chat" : "connecting";
  return link === "online" ? "live" : "connecting";
}

type Trouble = "none" | "gone" | "theirs";

function troubleWith(glass: Glass): Trouble {
  if (glass.server === "gone") return "gone";
  return glass.session && !isOwn(glass, glass.session) ? "theirs" : "none";
}

const NOTICES: Readonly<Record<Trouble, (watch: Watch) => (Node | string)[]>> = {
  none: () => [],
  gone: () => ["The server does not answer. This is how it stood; it goes on by itself once the server is back."],
  theirs: (watch) => [
    "This is the chat of another visitor, not yours. ",
    h("button", { type: "button", click: () => watch.choose(null) }, "Back to yours"),
  ],
};

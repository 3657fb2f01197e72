// The list of events as it grows; each with its stored form behind it.

import type { SessionEvent } from "../../client/wire";
import { h, tell } from "../../widget/dom";
import { keyedList, type Row } from "../../widget/keyed-list";
import type { Glass } from "../glass";
import { clock, sentence } from "../sentences";
import { many, plain } from "../words";
import { disclosure, json, panel } from "./panel";

const NEAR_END_PX = 40;

/** What visitors see only a placeholder of. */
const SERVICE_ONLY: ReadonlySet<SessionEvent["type"]> = new Set([
  "activity_seen",
  "agent_nudged",
  "context_carried",
  "context_changed",
  "context_cleared",
  "context_received",
  "note_posted",
  "policy_adopted",
  "session_snoozed",
  "snooze_ended",
  "usage_counted",
  "visitor_identified",
]);

export function events(): { readonly node: HTMLElement; update(glass: Glass): void } {
  const list = h("ol", { class: "events", tabindex: 0, "aria-label": "Events, oldest first" });
  const live = h("p", { class: "live", hidden: true });
  const node = panel("event", "What happened", "All of it, as it is stored. Open a line for its data.", list, live);
  const show = keyedList<SessionEvent>(list, ({ seq, at }) => `${seq} ${at}`, row);
  let count = 0;
  let isAtEnd = true;
  const stayAtEnd = () => {
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  };
  list.addEventListener("scroll", () => {
    isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
  });
  // While the other side is seen on a phone, the list has no height to be scrolled in.
  new ResizeObserver(stayAtEnd).observe(list);
  const update = (glass: Glass) => {
    if (count !== glass.events.length) {
      show(glass.events);
      count = glass.events.length;
      stayAtEnd();
    }
    list.hidden = count === 0;
    live.hidden = !glass.live;
    if (glass.live) tell(live, written(glass.live));
  };
  return { node, update };
}

function row(event: SessionEvent): Row<SessionEvent> {
  const isPrivate = SERVICE_ONLY.has(event.type);
  const summary = h(
    "summary",
    {},
    h("span", { class: "seq" }, event.seq),
    h("span", { class: "says" }, sentence(event)),
    h("time", { datetime: event.at }, clock(event.at)),
    h(
      "span",
      { class: "what" },
      h("code", {}, event.type),
      isPrivate && h("span", { class: "chip" }, "visitors don’t see it"),
    ),
  );
  const details = disclosure("", () => json(event));
  details.firstElementChild?.replaceWith(summary);
  return { node: h("li", { "data-type": event.type }, details), update: () => undefined };
}

function written({ text, working }: NonNullable<Glass["live"]>): string {
  const doing = working ? ` (busy with ${plain(working)})` : "";
  return `Being written just now${doing}: ${many(text.length, "character")} so far. This is not stored.`;
}

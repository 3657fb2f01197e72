// The list of events as it grows; each with its stored form behind it.

import type { SessionEvent } from "../../client/wire";
import { h, keyedList, type Row, tell } from "../../widget/dom";
import type { Glass } from "../glass";
import { clock, sentence } from "../sentences";
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
  const empty = h("p", { class: "empty" }, "Nothing has happened. Open the chat in the shop and ask something.");
  const node = panel("event", "Events", "The session is this list, and nothing else.", empty, list, live);
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
    empty.hidden = count > 0;
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
    h("span", { class: "what" }, h("code", {}, event.type), isPrivate && h("span", { class: "chip" }, "service only")),
    h("time", { datetime: event.at }, clock(event.at)),
    h("span", { class: "says" }, sentence(event)),
  );
  const details = disclosure("", () => json(event));
  details.firstElementChild?.replaceWith(summary);
  return { node: h("li", { "data-type": event.type }, details), update: () => undefined };
}

function written({ turn, text, working }: NonNullable<Glass["live"]>): string {
  const doing = working ? `, busy with ${working}` : "";
  return `Signal, never stored: turn ${turn} is being written${doing}, ${text.length} characters so far.`;
}

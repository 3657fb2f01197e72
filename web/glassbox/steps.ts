// The six steps of the demo: each is done when the list of events says so.

import type { SessionEvent } from "../client/wire";
import { type Glass, isOwn } from "./glass";

export type Step = "ask" | "page" | "tab" | "keep" | "resume" | "kill";

export const STEPS: readonly Step[] = ["ask", "page", "tab", "keep", "resume", "kill"];

/** The steps that are done by now; what somebody else does counts for none of them. */
export function done(glass: Glass): ReadonlySet<Step> {
  if (!isOwn(glass, glass.session)) return new Set();
  const since = glass.notes.sinceMs ?? Number.POSITIVE_INFINITY;
  const counted = { ...glass, events: glass.events.filter(({ at }) => Date.parse(at) >= since) };
  return new Set(STEPS.filter((step) => DONE[step](counted)));
}

const DONE: Readonly<Record<Step, (glass: Glass) => boolean>> = {
  ask: ({ events }) => events.some((event) => event.type === "turn_answered"),
  page: ({ events }) => new Set(events.flatMap(pagesOf)).size > 1,
  tab: ({ events, notes, session }) =>
    notes.closedTab?.session === session?.id && saidAfter(events, notes.closedTab?.seq ?? 0),
  keep: ({ events }) => follows(events, isIdleWarning, isKept),
  resume: ({ events }) => follows(events, isTimeout, (event) => event.type === "session_resumed"),
  kill: ({ events, notes, place }) =>
    place !== null &&
    notes.gonePid !== null &&
    notes.gonePid !== place.pid &&
    events.some((event) => event.type === "turn_answered" && Date.parse(event.at) >= Date.parse(place.started_at)),
};

function pagesOf(event: SessionEvent): string[] {
  if (event.type !== "message_posted" || event.author.kind !== "visitor" || !event.page) return [];
  return [URL.canParse(event.page) ? new URL(event.page).pathname : event.page];
}

function saidAfter(events: readonly SessionEvent[], seq: number): boolean {
  return events.some((each) => each.seq > seq && each.type === "message_posted" && each.author.kind === "visitor");
}

function isIdleWarning(event: SessionEvent): boolean {
  return event.type === "session_warned" && event.reason === "timeout";
}

/** By the button, or by writing. */
function isKept(event: SessionEvent): boolean {
  return event.type === "session_kept_open" || event.type === "warning_lifted";
}

function isTimeout(event: SessionEvent): boolean {
  return event.type === "session_closed" && event.reason === "timeout";
}

function follows(
  events: readonly SessionEvent[],
  first: (event: SessionEvent) => boolean,
  then: (event: SessionEvent) => boolean,
): boolean {
  const at = events.findIndex(first);
  return at >= 0 && events.slice(at).some(then);
}

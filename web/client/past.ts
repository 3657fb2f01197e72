// An earlier chat, read from its beginning to its end.

import type { Answer } from "./api";
import type { Calls } from "./calls";
import { reduce } from "./reduce";
import { NOTHING, type Past } from "./state";
import type { EventList, SessionView } from "./wire";

const PAGE = 500;

export async function pastOf(calls: Calls, id: string, nowMs: number): Promise<Answer<Past>> {
  const viewed = await calls.ask<SessionView>("GET", `/v1/sessions/${id}`);
  if (viewed.problem) return viewed;
  let state = reduce(NOTHING, { type: "viewed", session: viewed.value, nowMs });
  let after: number | null = 0;
  while (after !== null) {
    const page: Answer<EventList> = await calls.ask("GET", `/v1/sessions/${id}/events?after=${after}&limit=${PAGE}`);
    if (page.problem) return page;
    for (const event of page.value.events) state = reduce(state, { type: "event", event, nowMs });
    after = page.value.next;
  }
  return { value: { session: viewed.value, items: state.items }, problem: null };
}

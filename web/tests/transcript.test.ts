// Whatever the network does to the frames of a session, the same transcript comes out.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type News, reduce } from "../client/reduce";
import type { State } from "../client/state";
import { BEGUN, folded, INTACT, newsOf, pendingOf } from "./folding";
import { EVENTS, HEAD, RECORDED } from "./recorded";

/** What a tab does about a gap: it asks for everything after its head. */
function caughtUp(state: State): State {
  return folded(EVENTS.slice(state.head).map(newsOf), state);
}

/** Everything an attempt ever said, by its place. */
const SAID = new Map<string, string>();
for (const frame of RECORDED)
  if (frame.type === "delta") {
    const place = `${frame.turn} ${frame.attempt}`;
    SAID.set(place, (SAID.get(place) ?? "") + frame.text);
  }

const OWN = EVENTS.flatMap((event) =>
  event.type === "message_posted" && event.client_id ? [{ clientId: event.client_id, seq: event.seq }] : [],
);

/** The frames with losses, doubles and displacements, the sends of this tab among them, and moments of catching up. */
const journeys = fc
  .tuple(
    fc.array(fc.record({ copies: fc.integer({ min: 0, max: 3 }), late: fc.nat(12) }), {
      minLength: RECORDED.length,
      maxLength: RECORDED.length,
    }),
    fc.array(fc.nat(RECORDED.length), { minLength: 2 * OWN.length, maxLength: 2 * OWN.length }),
    fc.array(fc.nat(2 * RECORDED.length), { maxLength: 6 }),
  )
  .map(([fates, sends, looks]) => {
    const placed: { at: number; news: News | "catch up" }[] = [];
    RECORDED.forEach((frame, index) => {
      const fate = fates[index];
      for (let copy = 0; copy < (fate?.copies ?? 1); copy += 1)
        placed.push({ at: index + copy * (fate?.late ?? 0), news: newsOf(frame) });
    });
    OWN.forEach(({ clientId, seq }, index) => {
      placed.push({ at: sends[2 * index] ?? 0, news: { type: "queued", pending: pendingOf(clientId) } });
      placed.push({ at: sends[2 * index + 1] ?? 0, news: { type: "accepted", clientId, seq } });
    });
    for (const at of looks) placed.push({ at, news: "catch up" });
    return placed.sort((a, b) => a.at - b.at).map(({ news }) => news);
  });

describe("the transcript", () => {
  test("is the same after any loss, doubling and mixing of frames", () => {
    fc.assert(
      fc.property(journeys, (journey) => {
        let state = BEGUN;
        for (const news of journey) state = news === "catch up" ? caughtUp(state) : reduce(state, news);
        const { items, rating, session, unread, pending, writing } = caughtUp(state);

        expect(items).toEqual(INTACT.items);
        expect({ rating, unread }).toEqual({ rating: INTACT.rating, unread: INTACT.unread });
        expect(session).toEqual(INTACT.session);
        expect(pending.filter(({ status }) => status !== "queued")).toEqual([]);
        expect(writing).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  test("never shows a text that was not said, nor one out of order", () => {
    fc.assert(
      fc.property(journeys, (journey) => {
        let state = BEGUN;
        for (const news of journey) {
          state = news === "catch up" ? caughtUp(state) : reduce(state, news);
          const { writing, items, head, known } = state;
          if (writing) expect(SAID.get(`${writing.turn} ${writing.attempt}`) ?? "").toContain(writing.text);
          if (writing)
            expect((SAID.get(`${writing.turn} ${writing.attempt}`) ?? "").startsWith(writing.text)).toBe(true);
          expect(head).toBeLessThanOrEqual(known);
          expect(items.map(({ seq }) => seq)).toEqual([...items].map(({ seq }) => seq).sort((a, b) => a - b));
        }
      }),
      { numRuns: 150 },
    );
  });

  test("holds every message of the list once, in the list's order", () => {
    const posted = EVENTS.filter((event) => event.type === "message_posted").map(({ seq }) => seq);

    expect(INTACT.items.filter(({ kind }) => kind === "message").map(({ seq }) => seq)).toEqual(posted);
    expect(INTACT.head).toBe(HEAD);
  });
});

// What each piece of news makes of the state.

import { describe, expect, test } from "vitest";
import type { Item } from "../client/items";
import { type News, reduce } from "../client/reduce";
import { NOTHING } from "../client/state";
import type { SessionEvent, Signal } from "../client/wire";
import { BEGUN, folded, INTACT, NOW, newsOf, pendingOf } from "./folding";
import { EVENTS, eventOf, HEAD, RECORDED, sessionView } from "./recorded";

describe("an event", () => {
  test("that is for the service alone holds its place and shows nothing", () => {
    const hidden = eventOf("hidden");
    const before = folded(EVENTS.slice(0, hidden.seq - 1).map(newsOf));

    const state = reduce(before, newsOf(hidden));

    expect(state.head).toBe(hidden.seq);
    expect(state.items).toBe(before.items);
  });

  test("of a type that is not known yet moves the cursor", () => {
    const news = { type: "from_the_future", seq: 1, at: eventOf("session_opened").at } as unknown as SessionEvent;

    expect(reduce(BEGUN, newsOf(news))).toMatchObject({ head: 1, items: [] });
  });

  test("with a gap before it is not taken in, and tells of the gap", () => {
    const state = folded(EVENTS.slice(2, 5).map(newsOf));

    expect(state).toMatchObject({ head: 0, known: 5, items: [] });
  });

  test("that was redacted later leaves a place where it was", () => {
    const message = eventOf("message_posted");
    const tombstone = { type: "redacted", was: "message_posted", author: "visitor", seq: message.seq, at: message.at };

    const state = reduce(INTACT, newsOf(tombstone as SessionEvent));

    expect(state.items.find(({ seq }) => seq === message.seq)).toMatchObject({ kind: "removed", by: "visitor" });
  });
});

describe("an answer that is being written", () => {
  const asked = eventOf("turn_opened", 1);
  const before = folded(EVENTS.slice(0, asked.seq).map(newsOf));
  const delta = (offset: number, text: string, attempt = 1): News => ({
    type: "signal",
    signal: { type: "delta", turn: asked.turn, attempt, offset, text },
  });
  const retried = eventOf("turn_retried");

  test("begins empty when the turn opens", () => {
    expect(before.writing).toMatchObject({ turn: asked.turn, attempt: 1, text: "" });
  });

  test("counts characters as the server does", () => {
    const state = folded([delta(0, "\u{1f457} "), delta(2, "in stock")], before);

    expect(state.writing).toMatchObject({ text: "\u{1f457} in stock", chars: 10, isBroken: false });
  });

  test("withdraws what an attempt wrote that is tried again", () => {
    const state = folded([delta(0, "It is "), newsOf(retried)], before);

    expect(state.writing).toMatchObject({ attempt: 2, text: "" });
  });

  test("ignores what still comes of an attempt that was given up", () => {
    const state = folded([delta(0, "Yes", 2), delta(0, "It is ")], before);

    expect(state.writing).toMatchObject({ attempt: 2, text: "Yes" });
  });

  test("waits for the whole when a piece is missing", () => {
    const broken = folded([delta(0, "It "), delta(6, "in stock")], before);
    const partial: Signal = { type: "partial", turn: asked.turn, attempt: 1, offset: 0, text: "It is in stock" };

    const whole = reduce(broken, { type: "signal", signal: partial });

    expect(broken.writing).toMatchObject({ text: "It ", isBroken: true });
    expect(whole.writing).toMatchObject({ text: "It is in stock", isBroken: false });
  });

  test("is taken up in the middle, with what the bot is busy with", () => {
    const partial: Signal = { type: "partial", turn: 2, attempt: 1, offset: 0, text: "It is ", working: "stock" };

    const state = folded([{ type: "signal", signal: partial }, delta(3, "is in"), delta(8, " stock")], before);

    expect(reduce(before, { type: "signal", signal: partial }).writing?.working).toBe("stock");
    expect(state.writing).toMatchObject({ text: "It is in stock", working: null });
  });

  test("leaves the screen when something else came first", () => {
    const superseded = eventOf("turn_superseded");
    const written = folded(RECORDED.slice(0, RECORDED.indexOf(superseded)).map(newsOf));

    const state = reduce(written, newsOf(superseded));

    expect(written.writing?.text).toContain("30 days");
    expect(state.writing).toBeNull();
    expect(state.items.at(-1)).toMatchObject({ kind: "notice", event: { reason: "stopped" } });
  });

  test("leaves a word where a person took over, and none where the visitor went on", () => {
    const superseded = eventOf("turn_superseded");
    const written = folded(RECORDED.slice(0, RECORDED.indexOf(superseded)).map(newsOf));

    const [handedOver, wroteOn] = (["handoff", "visitor_wrote"] as const).map((reason) =>
      reduce(written, newsOf({ ...superseded, reason })),
    );

    expect(handedOver?.items.at(-1)).toMatchObject({ kind: "notice", event: { reason: "handoff" } });
    expect(wroteOn?.items).toEqual(written.items);
  });

  test("does not come back by a signal that was late", () => {
    const state = folded(RECORDED.map(newsOf));

    expect(reduce(state, delta(0, "It is "))).toBe(state);
  });
});

describe("what was written here", () => {
  test("is shown at once and becomes its echo, under the same key", () => {
    const { client_id, seq } = eventOf("message_posted");
    const written = reduce(BEGUN, { type: "queued", pending: pendingOf(client_id ?? "") });

    const state = folded(EVENTS.slice(0, seq).map(newsOf), written);

    expect(written.pending).toHaveLength(1);
    expect(state.pending).toEqual([]);
    expect(state.items.find((item) => item.seq === seq)).toMatchObject({ key: client_id });
  });

  test("stays on the screen between its acceptance and its echo", () => {
    const written = reduce(BEGUN, { type: "queued", pending: pendingOf("one") });

    const state = reduce(written, { type: "accepted", clientId: "one", seq: 2 });

    expect(state.pending).toMatchObject([{ status: "accepted", seq: 2 }]);
    expect(state.known).toBe(2);
  });

  test("keeps the order in which it was written", () => {
    const two = reduce(BEGUN, { type: "queued", pending: pendingOf("b", { at: 2 }) });

    const state = folded([{ type: "queued", pending: pendingOf("a", { at: 1 }) }], two);

    expect(state.pending.map(({ clientId }) => clientId)).toEqual(["a", "b"]);
  });
});

describe("the session", () => {
  test("is not set back by events that are older than its description", () => {
    const closed = sessionView({ phase: "closed", seq: HEAD });
    const state = reduce(NOTHING, { type: "viewed", session: closed, nowMs: NOW });

    expect(folded(EVENTS.slice(0, 5).map(newsOf), state).session).toEqual(closed);
  });

  test("is not set back by a description that is older than its events", () => {
    const state = reduce(INTACT, { type: "viewed", session: sessionView({ seq: 3 }), nowMs: NOW });

    expect(state.session?.phase).toBe("closed");
  });

  test("says when it will close, and takes that back", () => {
    const warned = eventOf("session_warned");
    const lifted = eventOf("warning_lifted");
    const upTo = (seq: number) => folded(EVENTS.slice(0, seq).map(newsOf));

    expect(upTo(warned.seq).session).toMatchObject({ closes_at: warned.closes_at, closes_because: "timeout" });
    expect(upTo(lifted.seq).session).toMatchObject({ warned_at: null, closes_at: null });
  });

  test("starts with an empty list when it is another one; drafts and unsent words stay", () => {
    const written = reduce(reduce(INTACT, { type: "set", facts: { draft: "And " } }), {
      type: "queued",
      pending: pendingOf("nine"),
    });

    const state = reduce(written, { type: "viewed", session: sessionView({ id: "ses_2" }), nowMs: NOW });

    expect(state).toMatchObject({ items: [], head: 0, draft: "And ", pending: [{ clientId: "nine" }], rating: null });
  });

  test("leaves nothing of the visitor who left", () => {
    const state = reduce(reduce(INTACT, { type: "set", facts: { draft: "secret" } }), { type: "left" });

    expect({ ...state, skewMs: 0 }).toEqual(NOTHING);
  });
});

describe("beside the list", () => {
  test("the last word on a rating counts, and says no more than what was said", () => {
    expect(INTACT.rating).toBeNull();
    const rated = folded(EVENTS.slice(0, eventOf("feedback_given", 1).seq).map(newsOf));

    expect(rated.rating).toMatchObject({ period: 1, solved: true, score: 5, comment: "Quick." });
  });

  test("typing of others shows until it expires by the server's clock", () => {
    const until = new Date(NOW + 6_000).toISOString();
    const typing: Signal = { type: "typing", by: "agent", name: "Carl", until };
    const skewed = reduce(BEGUN, { type: "clock", serverMs: NOW, nowMs: 0 });
    const state = reduce(skewed, { type: "signal", signal: typing });

    expect(reduce(state, { type: "passed", nowMs: 5_000 }).typing?.name).toBe("Carl");
    expect(reduce(state, { type: "passed", nowMs: 6_000 }).typing).toBeNull();
    expect(reduce(BEGUN, { type: "signal", signal: { ...typing, by: "visitor" } }).typing).toBeNull();
  });

  test("how far somebody of the service has read only grows", () => {
    const read = (by: "agent" | "visitor", seq: number): News => ({
      type: "signal",
      signal: { type: "read", by, seq, name: "Carl" },
    });

    expect(folded([read("agent", 3), read("agent", 2), read("visitor", 9)]).seenTo).toBe(3);
  });

  test("messages of others count as unread until they were seen", () => {
    const isTheirs = (item: Item) => item.kind === "message" && item.by !== "visitor";
    const read = reduce(INTACT, { type: "read" });

    expect(INTACT.unread).toBe(INTACT.items.filter(isTheirs).length);
    expect(read).toMatchObject({ unread: 0, readTo: HEAD });
  });

  test("an event that was stored in our future sets our idea of the server's clock right", () => {
    const opened = eventOf("session_opened");

    const state = reduce(BEGUN, { type: "event", event: opened, nowMs: NOW - 3_600_000 });

    expect(state.skewMs).toBe(3_600_000);
  });

  test("every state is frozen", () => {
    expect(Object.isFrozen(INTACT)).toBe(true);
  });
});

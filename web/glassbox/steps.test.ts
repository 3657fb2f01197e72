import { describe, expect, test } from "vitest";
import type { SessionEvent } from "../client/wire";
import { EMPTY, type Glass, watched, withEvent, withServerTime, withSignal } from "./glass";
import { done } from "./steps";

const AT = "2026-03-02T09:00:00Z";
const BEGUN = { ...EMPTY.notes, sinceMs: Date.parse(AT) };

/** Events in the order given, each with what the steps look at. */
function list(...events: readonly object[]): readonly SessionEvent[] {
  return events.map((event, index) => ({ at: AT, seq: index + 1, ...event }) as SessionEvent);
}

function seen(events: readonly SessionEvent[], more: Partial<Glass> = {}): Glass {
  const session = { id: "ses_1", visitor: "vis_me" } as Glass["session"];
  return { ...EMPTY, events, session, own: ["vis_me"], notes: BEGUN, ...more };
}

function said(page = "/"): object {
  return { type: "message_posted", author: { kind: "visitor" }, text: "Hello", page: `https://shop.example${page}` };
}

const ANSWERED = { type: "turn_answered", turn: 1, attempt: 1, result: "answered" };
const WARNED = { type: "session_warned", reason: "timeout", closes_at: AT, extendable: true };
const KEPT = { type: "session_kept_open", by: "visitor" };
const LIFTED = { type: "warning_lifted", by: "visitor", reason: "timeout" };
const CLOSED = { type: "session_closed", reason: "timeout", period: 1, by: "clock", outcome: "assumed" };
const RESUMED = { type: "session_resumed", period: 2, by: "visitor", floor: "bot", policy: "pol_1" };

describe("a step is done when the events say so", () => {
  test("asking, when the answer is there", () => {
    expect(done(seen(list(said())))).not.toContain("ask");
    expect(done(seen(list(said(), ANSWERED)))).toContain("ask");
  });

  test("changing the page, when something was said on two of them", () => {
    expect(done(seen(list(said("/"), said("/?again"))))).not.toContain("page");
    expect(done(seen(list(said("/"), said("/cart"))))).toContain("page");
  });

  test("coming back, when something is said after the tab was closed", () => {
    const notes = { ...BEGUN, closedTab: { session: "ses_1", seq: 1 } };

    expect(done(seen(list(said()), { notes }))).not.toContain("tab");
    expect(done(seen(list(said(), said()), { notes }))).toContain("tab");
    expect(done(seen(list(said(), said())))).not.toContain("tab");
  });

  test("keeping open, after the warning and not before", () => {
    expect(done(seen(list(KEPT, WARNED)))).not.toContain("keep");
    expect(done(seen(list(WARNED, KEPT)))).toContain("keep");
    expect(done(seen(list(WARNED, LIFTED)))).toContain("keep");
  });

  test("resuming what timed out", () => {
    expect(done(seen(list({ ...CLOSED, reason: "visitor" }, RESUMED)))).not.toContain("resume");
    expect(done(seen(list(CLOSED, RESUMED)))).toContain("resume");
  });

  test("going on, when another process has answered", () => {
    const place = { pid: 2, started_at: "2026-03-02T09:00:05Z", server_time: AT, restart: "", ahead_seconds: 0 };
    const notes = { ...BEGUN, gonePid: 1 };
    const later = { ...ANSWERED, at: "2026-03-02T09:00:09Z" };

    expect(done(seen(list(ANSWERED), { place, notes }))).not.toContain("kill");
    expect(done(seen(list(ANSWERED, later), { place, notes }))).toContain("kill");
    expect(done(seen(list(ANSWERED, later), { place: { ...place, pid: 1 }, notes }))).not.toContain("kill");
  });
});

test("only what happens from the beginning of the steps on counts", () => {
  const notes = { ...BEGUN, sinceMs: Date.parse(AT) + 1 };
  const later = { ...ANSWERED, at: "2026-03-02T09:00:09Z" };

  expect(done(seen(list(said(), ANSWERED), { notes }))).toEqual(new Set());
  expect(done(seen(list(said(), ANSWERED, later), { notes }))).toEqual(new Set(["ask"]));
  expect(done(seen(list(said(), ANSWERED), { notes: EMPTY.notes }))).toEqual(new Set());
});

test("what another visitor does counts for nobody", () => {
  const theirs = { id: "ses_1", visitor: "vis_other" } as Glass["session"];

  expect(done(seen(list(said(), ANSWERED), { session: theirs }))).toEqual(new Set());
});

describe("the list", () => {
  test("takes each event once and leaves no gap", () => {
    const [first, second, third] = list(said(), ANSWERED, WARNED) as [SessionEvent, SessionEvent, SessionEvent];
    const arrived = [first, first, third, second, third];

    const glass = arrived.reduce(withEvent, EMPTY);

    expect(glass.events).toEqual([first, second, third]);
  });

  test("shows what is being written until it is stored", () => {
    const delta = (text: string) => ({ type: "delta", turn: 1, attempt: 1, offset: 0, text }) as const;
    const writing = withSignal(withSignal(EMPTY, delta("It ")), delta("takes"));

    const [answer] = list({ ...said(), turn: 1 }) as [SessionEvent];

    expect(writing.live?.text).toBe("It takes");
    expect(withEvent(writing, answer).live).toBeNull();
  });
});

describe("the chat that is looked into", () => {
  const session = (id: string, phase: string, period_opened_at: string, visitor = "vis_me") =>
    ({ id, phase, period_opened_at, visitor }) as NonNullable<Glass["session"]>;
  const sessions = [
    session("ses_old", "archived", "2026-03-02T12:00:00Z"),
    session("ses_first", "open", "2026-03-02T10:00:00Z"),
    session("ses_resumed", "open", "2026-03-02T11:00:00Z"),
    session("ses_theirs", "open", "2026-03-02T13:00:00Z", "vis_other"),
  ];
  const own = ["vis_me"];

  test("is one's own that was opened or taken up last, of those that can go on", () => {
    expect(watched({ ...EMPTY, sessions, own })).toBe("ses_resumed");
    expect(watched({ ...EMPTY, sessions: sessions.slice(0, 1), own })).toBeNull();
  });

  test("is never another visitor's unasked", () => {
    expect(watched({ ...EMPTY, sessions })).toBeNull();
    expect(watched({ ...EMPTY, sessions, own, chosen: "ses_theirs" })).toBe("ses_theirs");
  });

  test("is the chosen one, however old", () => {
    expect(watched({ ...EMPTY, sessions, chosen: "ses_old" })).toBe("ses_old");
  });
});

describe("the server's clock", () => {
  const NOW = Date.parse(AT);

  test("is known best by the answer that took least", () => {
    const slow = withServerTime(EMPTY, NOW + 300, NOW);
    const quick = withServerTime(slow, NOW + 990, NOW);

    expect([slow.skewMs, quick.skewMs]).toEqual([300, 990]);
    expect(withServerTime(quick, NOW + 500, NOW).skewMs).toBe(990);
  });

  test("is believed at once when it was moved", () => {
    const moved = withServerTime(EMPTY, NOW + 120_000, NOW);

    expect(moved.skewMs).toBe(120_000);
    expect(withServerTime(moved, NOW, NOW).skewMs).toBe(0);
  });
});

import { expect, test } from "vitest";
import type { SessionEvent } from "../client/wire";
import { context } from "./provenance";

function list(...events: readonly object[]): readonly SessionEvent[] {
  return events.map((event, index) => ({ at: "2026-03-02T09:00:00Z", seq: index + 1, ...event }) as SessionEvent);
}

const changed = (set: object, more: object = {}) => ({
  type: "context_changed",
  scope: "session",
  by: "bot",
  set,
  ...more,
});

test("a value is known with the event that brought it last", () => {
  const events = list(changed({ size: { value: "M", by: "bot" } }), changed({ size: { value: "L", by: "visitor" } }));

  const [size, ...rest] = context(events);

  expect(size).toMatchObject({ key: "size", entry: { value: "L", by: "visitor" }, seq: 2, scope: "session" });
  expect(rest).toEqual([]);
});

test("what was forgotten or cleared is not known", () => {
  const set = { size: { value: "M", by: "bot" }, name: { value: "Ana", by: "visitor" } };

  const left = context(list(changed(set), changed({}, { unset: ["size"] })));
  const none = context(list(changed(set), { type: "context_cleared", scope: "session", by: "clock" }));

  expect(left.map(({ key }) => key)).toEqual(["name"]);
  expect(none).toEqual([]);
});

test("the same key in two scopes is two values", () => {
  const value = { size: { value: "M", by: "bot" } };

  const known = context(
    list(changed(value), changed(value, { scope: "visitor" }), changed(value, { thread: "thr_1" })),
  );

  expect(known.map(({ scope, thread }) => [scope, thread])).toEqual([
    ["session", null],
    ["visitor", null],
    ["session", "thr_1"],
  ]);
});

test("what an earlier session handed on names it", () => {
  const received = {
    type: "context_received",
    from_session: "ses_0",
    session_entries: { size: { value: "M", by: "bot" } },
  };

  expect(context(list(received))[0]).toMatchObject({ key: "size", from: "ses_0" });
});

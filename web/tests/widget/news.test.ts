import { expect, it } from "vitest";
import { NOTHING } from "../../client/state";
import { newsBetween } from "../../widget/news";
import { message, notice, pending, session, state } from "./states";

function names(...[before, after]: Parameters<typeof newsBetween>): string[] {
  return newsBetween(before, after).map(([name]) => name);
}

it("tells of a session from its start to its end", () => {
  const open = state({ session: session() });
  const warned = state({ session: session({ warned_at: "2026-11-24T12:00:00Z" }) });
  const closed = state({ session: session({ phase: "closed", close_reason: "timeout" }) });
  const resumed = state({ session: session({ period: 2 }) });

  expect(names({ ...NOTHING, link: "online" }, open)).toEqual(["session.started"]);
  expect(names(open, warned)).toEqual(["timeout.warning"]);
  expect(names(warned, open)).toEqual(["timeout.extended"]);
  expect(names(warned, closed)).toEqual(["session.closed"]);
  expect(names(closed, resumed)).toEqual(["session.resumed"]);
});

it("tells of the way to a human", () => {
  const bot = state({ session: session() });
  const asked = notice(4, { type: "floor_changed", floor: "queue", reason: "handoff", note: "a refund" });
  const queue = state({ session: session({ floor: "queue" }), items: [asked] });
  const agent = state({ session: session({ floor: "agent", agent_name: "Carla" }) });

  expect(newsBetween(bot, queue)).toEqual([
    ["handoff.queued", { id: "ses_1", period: 1 }],
    ["handoff.requested", { note: "a refund" }],
  ]);
  expect(newsBetween(queue, agent)).toEqual([["handoff.joined", { id: "ses_1", period: 1, name: "Carla" }]]);
});

it("tells of each message once, and of one that failed", () => {
  const before = state({ session: session(), items: [message(1)] });
  const after = state({ session: session(), items: [message(1), message(2)] });
  const failed = { ...after, pending: [pending({ status: "failed" })] };

  expect(newsBetween(before, after)).toEqual([["message", after.items[1]]]);
  expect(names(after, failed)).toEqual(["message.failed"]);
  expect(names(failed, failed)).toEqual([]);
});

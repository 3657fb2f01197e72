// What a page can listen to, found by comparing two states.

import type { Item, Notice } from "../client/items";
import type { State } from "../client/state";
import type { FloorChanged } from "../client/wire";

export type News = readonly [name: EventName, detail: unknown];
export type EventName = (typeof EVENTS)[number];

export const EVENTS = [
  "ready",
  "open",
  "close",
  "session.started",
  "session.resumed",
  "session.closed",
  "message",
  "message.failed",
  "unread",
  "handoff.requested",
  "handoff.queued",
  "handoff.joined",
  "timeout.warning",
  "timeout.extended",
  "csat",
  "link",
  "error",
] as const;

/** What happened between two states of the same chat. */
export function newsBetween(before: State, after: State): News[] {
  const found: News[] = [...aboutSession(before, after), ...aboutMessages(before, after)];
  if (after.link !== before.link) found.push(["link", { link: after.link }]);
  if (after.unread !== before.unread) found.push(["unread", { count: after.unread }]);
  if (after.rating && after.rating !== before.rating) found.push(["csat", after.rating]);
  if (after.problem && after.problem !== before.problem) found.push(["error", after.problem]);
  return found;
}

function aboutSession({ session: was }: State, { session }: State): News[] {
  if (!session || session === was) return [];
  const about = { id: session.id, period: session.period };
  if (session.id !== was?.id) return session.phase === "open" ? [["session.started", about]] : [];
  const found: News[] = [];
  if (session.period > was.period) found.push(["session.resumed", about]);
  if (session.phase !== "open" && was.phase === "open") {
    found.push(["session.closed", { ...about, reason: session.close_reason }]);
  }
  if (session.floor !== was.floor && session.floor === "queue") found.push(["handoff.queued", about]);
  if (session.floor !== was.floor && session.floor === "agent") {
    found.push(["handoff.joined", { ...about, name: session.agent_name }]);
  }
  if (session.warned_at && session.warned_at !== was.warned_at) {
    found.push(["timeout.warning", { ...about, closes_at: session.closes_at }]);
  }
  if (!session.warned_at && was.warned_at && session.phase === "open") found.push(["timeout.extended", about]);
  return found;
}

function aboutMessages(before: State, after: State): News[] {
  if (before.session?.id !== after.session?.id && before.session) return [];
  const fresh = after.items.filter((item) => item.kind === "message" && item.seq > before.head);
  const asked = after.items.filter(isRequest).filter(({ seq }) => seq > before.head);
  const failed = after.pending.filter(
    ({ clientId, status }) =>
      status === "failed" && before.pending.find((each) => each.clientId === clientId)?.status !== "failed",
  );
  return [
    ...fresh.map((message): News => ["message", message]),
    ...asked.map((notice): News => ["handoff.requested", { note: notice.event.note ?? null }]),
    ...failed.map((pending): News => ["message.failed", { text: pending.text, problem: pending.problem }]),
  ];
}

type Request = Notice & { readonly event: FloorChanged };

function isRequest(item: Item): item is Request {
  return item.kind === "notice" && item.event.type === "floor_changed" && item.event.reason === "handoff";
}

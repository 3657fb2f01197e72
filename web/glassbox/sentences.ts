// What an event says, in one sentence of the design's own words.

import type { Author, SessionEvent } from "../client/wire";

const QUOTE_CHARS_MAX = 90;

export function sentence(event: SessionEvent): string {
  switch (event.type) {
    case "session_opened":
      return `The session opened in inbox “${event.inbox}”${event.previous ? ", after an earlier one" : ""}.`;
    case "session_warned":
      return `Warned: it closes at ${clock(event.closes_at)} (${event.reason})${event.extendable ? " unless the visitor stays" : ""}.`;
    case "warning_lifted":
      return `The warning was lifted by the ${event.by}.`;
    case "session_kept_open":
      return `The ${event.by} asked for more time; the idle clock starts anew.`;
    case "activity_seen":
      return `The ${event.by} was active without a message; clocks count from ${clock(event.covers_until)}.`;
    case "session_closed":
      return `Period ${event.period} closed: ${event.reason}. Outcome so far: ${event.outcome}. ${resumable(event.resumable_until)}`;
    case "session_resumed":
      return `Resumed: period ${event.period} began, same id, same history; the ${event.floor} has the floor.`;
    case "outcome_settled":
      return `The outcome of period ${event.period} settled: ${event.outcome}.`;
    case "context_carried":
      return `Context ledger (${event.boundary}, rule “${event.rule}”): kept ${count(event.kept)}, summarised ${count(event.summarised)}, dropped ${count(event.dropped)}.`;
    case "context_received":
      return `Context came from session ${short(event.from_session)}.`;
    case "session_archived":
      return `Archived (${event.reason}): it cannot be resumed any more.`;
    case "message_posted":
      return `${name(event.author)}: “${cut(event.text) || saidByParts(event.parts)}”`;
    case "note_posted":
      return `${name(event.author)} noted for colleagues: “${cut(event.text)}”`;
    case "turn_opened":
      return `Turn ${event.turn} opened: the bot is asked to answer${event.asked_seq ? ` event ${event.asked_seq}` : ""}.`;
    case "turn_retried":
      return `Turn ${event.turn}: attempt ${event.attempt} began (${event.reason}); what was streamed before is withdrawn.`;
    case "turn_answered":
      return `Turn ${event.turn} ended: ${event.result}${event.known === false ? ", and the bot said that it does not know" : ""}.`;
    case "turn_failed":
      return `Turn ${event.turn} failed: ${event.reason}.`;
    default:
      return rarer(event);
  }
}

type Common =
  | "session_opened"
  | "session_warned"
  | "warning_lifted"
  | "session_kept_open"
  | "activity_seen"
  | "session_closed"
  | "session_resumed"
  | "outcome_settled"
  | "context_carried"
  | "context_received"
  | "session_archived"
  | "message_posted"
  | "note_posted"
  | "turn_opened"
  | "turn_retried"
  | "turn_answered"
  | "turn_failed";

function rarer(event: Exclude<SessionEvent, { type: Common }>): string {
  switch (event.type) {
    case "turn_superseded":
      return `Turn ${event.turn} was overtaken (${event.reason}); a partial answer leaves the screen.`;
    case "usage_counted":
      return `Turn ${event.turn} used ${JSON.stringify(event.usage)}.`;
    case "human_offered":
      return `A human was offered: ${event.reason}.`;
    case "limit_reached":
      return `Limit reached: ${event.used} of ${event.allowed} ${event.limit} for this ${event.span}.`;
    case "floor_changed":
      return `The floor went to the ${event.floor}${event.agent_name ? ` (${event.agent_name})` : ""}: ${event.reason}, term ${event.term}.`;
    case "queue_choice_offered":
      return `Nobody came for ${event.waited_seconds} s; the visitor was asked: ${event.choices.join(", ")}.`;
    case "queue_choice_made":
      return `The visitor chose: ${event.choice}.`;
    case "agent_nudged":
      return "The agent was reminded that the visitor waits.";
    case "session_snoozed":
      return `Snoozed until ${clock(event.until)}.`;
    case "snooze_ended":
      return "The snooze ended; the session waits for the agent again.";
    case "context_changed":
      return `The ${event.by} changed the ${event.scope} context: ${changes(event.set, event.unset)}.`;
    case "context_cleared":
      return `The ${event.scope} context was cleared by the ${event.by}.`;
    case "thread_started":
      return `A thread began: ${event.title ?? event.topic ?? short(event.thread)}.`;
    case "thread_changed":
      return `Thread ${short(event.thread)}: ${event.current ? "now the current one" : (event.status ?? event.title ?? event.topic ?? "changed")}.`;
    case "thread_resolved":
      return `Thread ${short(event.thread)} was resolved.`;
    case "feedback_given":
      return `The visitor judged period ${event.period}: ${judged(event)}.`;
    case "policy_adopted":
      return `Another policy applies from here on (${event.rule}).`;
    case "visitor_identified":
      return "The anonymous visitor turned out to be an identified one.";
    case "redacted":
      return `The payload of a ${event.was} was removed; its place stays.`;
    case "hidden":
      return "An event for the service alone.";
  }
}

function name({ kind, name }: Author): string {
  const who = kind.charAt(0).toUpperCase() + kind.slice(1);
  return name ? `${who} ${name}` : who;
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > QUOTE_CHARS_MAX ? `${line.slice(0, QUOTE_CHARS_MAX)}…` : line;
}

function saidByParts(parts: readonly Readonly<Record<string, unknown>>[] = []): string {
  return parts.map(({ kind }) => `[${kind}]`).join(" ");
}

function resumable(until: string | null | undefined): string {
  return until ? `It can be resumed until ${clock(until)}.` : "";
}

function judged({
  score,
  solved,
  comment,
}: {
  score?: number | null;
  solved?: boolean | null;
  comment?: string | null;
}) {
  const said = [
    score != null && `${score} of 5`,
    solved != null && (solved ? "solved" : "not solved"),
    comment && `“${cut(comment)}”`,
  ];
  return said.filter(Boolean).join(", ") || "taken back";
}

function changes(set: Readonly<Record<string, unknown>> = {}, unset: readonly string[] = []): string {
  return [...Object.keys(set), ...unset.map((key) => `${key} forgotten`)].join(", ") || "nothing";
}

function count(keys: readonly string[] = []): number {
  return keys.length;
}

/** The end of an id: what tells two of a kind apart at a glance. */
export function short(id: string): string {
  return `…${id.slice(-5)}`;
}

/** A time of day, to the second. */
export function clock(at: string | number): string {
  return new Date(at).toLocaleTimeString("en-GB");
}

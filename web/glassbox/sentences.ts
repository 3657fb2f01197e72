// What an event says, in one sentence that needs no vocabulary.

import type { Author, Json, SessionEvent, Usage } from "../client/wire";
import { CLOSED, many, OUTCOMES, plain, reason, THREADS, who, whoAnswers } from "./words";

const QUOTE_CHARS_MAX = 140;

export function sentence(event: SessionEvent): string {
  switch (event.type) {
    case "session_opened":
      return `The chat began in “${event.inbox}”${event.previous ? ", after an earlier one" : ""}.`;
    case "session_warned":
      return `The visitor is warned: the chat closes at ${clock(event.closes_at)}${event.extendable ? " unless they stay" : ""}.`;
    case "warning_lifted":
      return `The warning is off again, by ${who(event.by)}.`;
    case "session_kept_open":
      return `${capital(who(event.by))} asked for more time: the wait starts anew.`;
    case "activity_seen":
      return `${capital(who(event.by))} is writing: the wait counts from ${clock(event.covers_until)}.`;
    case "session_closed":
      return `Closed: ${CLOSED[event.reason]}. So far: ${OUTCOMES[event.outcome]}. ${resumable(event.resumable_until)}`;
    case "session_resumed":
      return `Taken up again: same chat, same history; ${whoAnswers(event.floor)}.`;
    case "outcome_settled":
      return `What came of it is settled: ${OUTCOMES[event.outcome]}.`;
    case "context_carried":
      return `What is known: ${ledger(event)} (rule “${plain(event.rule)}”).`;
    case "context_received":
      return `What was known came along from chat ${short(event.from_session)}.`;
    case "session_archived":
      return "Filed away: it cannot be taken up any more.";
    case "message_posted":
      return `${name(event.author)}: “${cut(event.text) || saidByParts(event.parts)}”`;
    case "note_posted":
      return `${name(event.author)} noted for colleagues: “${cut(event.text)}”`;
    case "turn_opened":
      return `The bot is asked${event.asked_seq ? ` to answer no. ${event.asked_seq}` : ""}.`;
    case "turn_retried":
      return `The bot is asked again, because ${reason(event.reason)}; what it had half written is taken back.`;
    case "turn_answered":
      return `The bot is done: ${plain(event.result)}${event.known === false ? ", and it said that it does not know" : ""}.`;
    case "turn_failed":
      return `The bot could not answer: ${reason(event.reason)}.`;
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
      return `The answer was broken off, because ${reason(event.reason)}; what was half written leaves the screen.`;
    case "usage_counted":
      return `The answer took ${used(event.usage)}.`;
    case "human_offered":
      return `A person was offered: ${reason(event.reason)}.`;
    case "limit_reached":
      return `A limit is reached: ${event.used} of ${event.allowed} ${plain(event.limit)} for this ${plain(event.span)}.`;
    case "floor_changed":
      return `From here on: ${whoAnswers(event.floor, event.agent_name)} (${plain(event.reason)}).`;
    case "queue_choice_offered":
      return `Nobody came for ${event.waited_seconds} s; the visitor may choose: ${event.choices.map(reason).join(", ")}.`;
    case "queue_choice_made":
      return `The visitor chose: ${reason(event.choice)}.`;
    case "agent_nudged":
      return "The person was reminded that the visitor waits.";
    case "session_snoozed":
      return `Put aside until ${clock(event.until)}.`;
    case "snooze_ended":
      return "No longer put aside: the visitor waits for the person again.";
    case "context_changed":
      return `Learnt from ${who(event.by)}: ${changes(event.set, event.unset)}.`;
    case "context_cleared":
      return `What was known of the ${event.scope} is forgotten, by ${who(event.by)}.`;
    case "thread_started":
      return `A topic began: ${event.title ?? event.topic ?? short(event.thread)}.`;
    case "thread_changed":
      return `Topic ${short(event.thread)}: ${event.current ? "now talked about" : event.status ? THREADS[event.status] : (event.title ?? event.topic ?? "changed")}.`;
    case "thread_resolved":
      return `Topic ${short(event.thread)} is solved.`;
    case "feedback_given":
      return `The visitor judged it: ${judged(event)}.`;
    case "policy_adopted":
      return `Other rules apply from here on (${plain(event.rule)}).`;
    case "visitor_identified":
      return "The anonymous visitor turned out to be an identified one.";
    case "redacted":
      return `What was here was removed (${plain(event.was)}); its place stays.`;
    case "hidden":
      return "Not for the visitor.";
  }
}

function name({ kind, name }: Author): string {
  if (kind === "agent") return name ?? "A person";
  return name ? `${capital(kind)} ${name}` : capital(kind);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What an answer took, of what is counted. */
function used({ tokens_in = 0, tokens_out = 0, model_calls = 0, cost_microusd = 0 }: Usage): string {
  const said = [
    many(model_calls, "call of a model", "calls of a model"),
    many(tokens_in + tokens_out, "token"),
    cost_microusd > 0 && `$${(cost_microusd / 1e6).toFixed(4)}`,
  ];
  return said.filter(Boolean).join(", ");
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, " ").replace(/^• /, "").trim();
  return line.length > QUOTE_CHARS_MAX ? `${line.slice(0, QUOTE_CHARS_MAX)}…` : line;
}

function saidByParts(parts: readonly Readonly<Record<string, unknown>>[] = []): string {
  return parts.map(({ kind }) => `[${kind}]`).join(" ");
}

function resumable(until: string | null | undefined): string {
  return until ? `It can go on until ${clock(until)}.` : "";
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

function changes(set: Readonly<Record<string, { readonly value: Json }>> = {}, unset: readonly string[] = []): string {
  const said = Object.entries(set).map(([key, { value }]) => `${plain(key)} = ${cut(shown(value))}`);
  return [...said, ...unset.map((key) => `${plain(key)} forgotten`)].join(", ") || "nothing";
}

/** A value as people read it. */
export function shown(value: Json): string {
  if (Array.isArray(value)) return value.map(shown).join(", ");
  if (typeof value !== "object" || value === null) return String(value ?? "nothing");
  return Object.entries(value)
    .map(([key, each]) => `${plain(key)}: ${shown(each)}`)
    .join(", ");
}

/** What became of the values at a boundary. */
function ledger({ kept = [], summarised = [], dropped = [] }: Extract<SessionEvent, { type: "context_carried" }>) {
  const counted = [
    [kept.length, "kept"],
    [summarised.length, "summed up"],
    [dropped.length, "dropped"],
  ] as const;
  const said = counted.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return said.join(", ") || "nothing to keep";
}

/** The end of an id: what tells two of a kind apart at a glance. */
export function short(id: string): string {
  return `…${id.slice(-5)}`;
}

/** A time of day, to the second. */
export function clock(at: string | number): string {
  return new Date(at).toLocaleTimeString("en-GB");
}

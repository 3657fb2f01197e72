// The words of the glass box: what a product owner would say, for what the contract names.

import type { CloseReason, Outcome, Phase, SessionView, ThreadStatus } from "../client/wire";

export const PHASES: Readonly<Record<Phase, string>> = {
  open: "open",
  closed: "closed, can go on",
  archived: "filed away",
};

export const CLOSED: Readonly<Record<CloseReason, string>> = {
  timeout: "nobody wrote for a while",
  visitor: "the visitor ended it",
  agent: "a person ended it",
  resolved: "it was solved",
  limit: "it had gone on for as long as it may",
  merged: "it goes on in another chat",
};

export const OUTCOMES: Readonly<Record<Outcome, string>> = {
  confirmed: "helped, as the visitor says",
  assumed: "answered, and the visitor left",
  unresolved: "not solved",
  abandoned: "left while waiting for us",
  empty: "nothing was asked",
  returned: "the visitor came back about it",
};

export const THREADS: Readonly<Record<ThreadStatus, string>> = {
  open: "open",
  pending: "waiting",
  resolved: "solved",
};

const REASONS: Readonly<Record<string, string>> = {
  process_ended: "the server was gone in the middle of it",
  silence: "it said nothing for too long",
  bot_failed: "the bot could not answer",
  visitor_wrote: "the visitor wrote again",
  stopped: "the visitor stopped it",
  handoff: "a person was asked for",
  closed: "the chat closed",
  wait: "wait on",
  bot: "back to the bot",
  leave_message: "leave a message",
};

/** A reason that the contract names, in words; a bot's own reasons are said as they are. */
export function reason(name: string): string {
  return REASONS[name] ?? plain(name);
}

/** A name of the contract without its underscores. */
export function plain(name: string): string {
  return name.replaceAll("_", " ");
}

/** Who speaks for the service. */
export function speaker(floor: SessionView["floor"], name?: string | null): string {
  if (floor === "queue") return "waiting for a person";
  return floor === "bot" ? "the bot" : (name ?? "a person");
}

export function whoAnswers(floor: SessionView["floor"], name?: string | null): string {
  return floor === "queue" ? speaker(floor) : `${speaker(floor, name)} answers`;
}

/** Somebody who does something here, as a sentence has them. */
export function who(kind: string): string {
  const known: Readonly<Record<string, string>> = { agent: "a person", clock: "the clock", key: "your systems" };
  return known[kind] ?? `the ${kind}`;
}

export function many(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}

/** A length of time, to the second: `2 min 5 s`. */
export function length(seconds: number): string {
  const whole = Math.round(seconds);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(whole / 3_600), "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ];
  const said = parts.filter(([value]) => value > 0).map(([value, unit]) => `${value} ${unit}`);
  return said.slice(0, 2).join(" ") || "0 s";
}

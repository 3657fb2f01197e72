// How a language writes times, days, lengths of time and sizes.

import type { Words } from "./words";

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;
const TIME = { hour: "numeric", minute: "2-digit" } as const;
const DATE = { weekday: "short", day: "numeric", month: "long" } as const;
const UNITS: readonly (readonly [number, Intl.RelativeTimeFormatUnit])[] = [
  [DAY, "day"],
  [HOUR, "hour"],
  [MINUTE, "minute"],
];

export function timeOf(words: Words, atMs: number): string {
  return words.date(new Date(atMs).toISOString(), TIME);
}

/** "Today", "Yesterday", or the date. */
export function dayOf(words: Words, atMs: number, nowMs: number): string {
  const days = Math.round((startOfDay(atMs) - startOfDay(nowMs)) / (DAY * 1_000));
  if (days > 0 || days < -1) {
    return words.date(new Date(atMs).toISOString(), DATE);
  }
  const { tag } = words.locale;
  const text = new Intl.RelativeTimeFormat(tag, { numeric: "auto" }).format(days, "day");
  return text.charAt(0).toLocaleUpperCase(tag) + text.slice(1);
}

/** "5 minutes ago". */
export function agoOf({ locale }: Words, at: string, nowMs: number): string {
  const seconds = Math.min(0, (Date.parse(at) - nowMs) / 1_000);
  const [size, unit] = UNITS.find(([each]) => -seconds >= each) ?? [MINUTE, "minute"];
  return new Intl.RelativeTimeFormat(locale.tag, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** "2 minutes", "30 seconds". */
export function durationOf({ locale }: Words, seconds: number): string {
  const [value, unit] = seconds >= MINUTE ? [seconds / MINUTE, "minute"] : [seconds, "second"];
  return new Intl.NumberFormat(locale.tag, { style: "unit", unit, unitDisplay: "long" }).format(Math.round(value));
}

/** "1:42". */
export function clockOf({ locale }: Words, ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  const parts = [Math.floor(seconds / HOUR), Math.floor(seconds / MINUTE) % MINUTE, seconds % MINUTE];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown
    .map((part, at) => new Intl.NumberFormat(locale.tag, { minimumIntegerDigits: at ? 2 : 1 }).format(part))
    .join(":");
}

export function bytesOf({ locale }: Words, size: number): string {
  const [value, unit] = size >= 1e6 ? [size / 1e6, "megabyte"] : [size / 1e3, "kilobyte"];
  const maximumFractionDigits = value < 10 ? 1 : 0;
  return new Intl.NumberFormat(locale.tag, { style: "unit", unit, maximumFractionDigits }).format(value);
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

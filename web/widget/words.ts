// The words of a language, and how it writes numbers, days and times.

import type { Key, Locale } from "./locale/texts";

export type Values = Readonly<Record<string, string | number>>;
type Texts = Readonly<Record<string, string>>;

const MINUTE = 60;
const DAY = 86_400;
const UNITS: readonly (readonly [number, Intl.RelativeTimeFormatUnit])[] = [
  [DAY, "day"],
  [3_600, "hour"],
  [MINUTE, "minute"],
];

export class Words {
  readonly #plurals: Intl.PluralRules;
  #own: Texts = {};
  #english: Texts;

  /** English is for what the locale does not say. */
  constructor(
    readonly locale: Locale,
    english: Texts,
  ) {
    this.#english = english;
    this.#plurals = new Intl.PluralRules(locale.tag);
  }

  get dir(): "ltr" | "rtl" {
    return /^(ar|fa|he|ur|ps|sd|ug|yi|dv|ku-arab)\b/i.test(this.locale.tag) ? "rtl" : "ltr";
  }

  /** Take over what the inbox words otherwise. */
  reword(own: Texts): void {
    this.#own = own;
  }

  /** Learn the English of a part that came later. */
  learn(english: Texts): void {
    this.#english = { ...this.#english, ...english };
  }

  /** A text with its values filled in; for a count, in the form that the count asks for. */
  say(key: Key, values: Values = {}): string {
    const { count } = values;
    const form = typeof count === "number" ? `${key}_${this.#plurals.select(count)}` : key;
    const text = this.#find(form) ?? this.#find(`${key}_other`) ?? this.#find(key) ?? key;
    return text.replace(/\{(\w+)\}/g, (_, name: string) => this.#shown(values[name]));
  }

  time(at: string): string {
    return this.#date(at, { hour: "numeric", minute: "2-digit" });
  }

  /** "Today", "Yesterday", or the date. */
  day(at: string, nowMs: number): string {
    const days = Math.round((startOfDay(Date.parse(at)) - startOfDay(nowMs)) / (DAY * 1_000));
    if (days > 0 || days < -1) return this.#date(at, { weekday: "short", day: "numeric", month: "long" });
    const text = new Intl.RelativeTimeFormat(this.locale.tag, { numeric: "auto" }).format(days, "day");
    return text.charAt(0).toLocaleUpperCase(this.locale.tag) + text.slice(1);
  }

  date(at: string): string {
    return this.#date(at, { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
  }

  /** "5 minutes ago". */
  ago(at: string, nowMs: number): string {
    const seconds = Math.min(0, (Date.parse(at) - nowMs) / 1_000);
    const [size, unit] = UNITS.find(([size]) => -seconds >= size) ?? [MINUTE, "minute"];
    const format = new Intl.RelativeTimeFormat(this.locale.tag, { numeric: "auto", style: "long" });
    return format.format(Math.round(seconds / size), unit);
  }

  /** "2 minutes", "30 seconds". */
  duration(seconds: number): string {
    const [value, unit] =
      seconds >= MINUTE ? [Math.round(seconds / MINUTE), "minute"] : [Math.round(seconds), "second"];
    return new Intl.NumberFormat(this.locale.tag, { style: "unit", unit, unitDisplay: "long" }).format(value);
  }

  /** "1:42". */
  clock(ms: number): string {
    const seconds = Math.ceil(ms / 1_000);
    const two = new Intl.NumberFormat(this.locale.tag, { minimumIntegerDigits: 2 });
    const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / MINUTE) % MINUTE, seconds % MINUTE];
    const [first, ...rest] = parts[0] ? parts : parts.slice(1);
    return [this.#shown(first), ...rest.map((part) => two.format(part))].join(":");
  }

  bytes(size: number): string {
    const unit = size >= 1e6 ? "megabyte" : "kilobyte";
    const value = size / (size >= 1e6 ? 1e6 : 1e3);
    const format = { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 } as const;
    return new Intl.NumberFormat(this.locale.tag, format).format(value);
  }

  #date(at: string, format: Intl.DateTimeFormatOptions): string {
    return new Intl.DateTimeFormat(this.locale.tag, format).format(new Date(at));
  }

  #find(key: string): string | undefined {
    return this.#own[key] ?? this.locale.texts[key] ?? this.#english[key];
  }

  #shown(value: string | number | undefined): string {
    return typeof value === "number" ? new Intl.NumberFormat(this.locale.tag).format(value) : (value ?? "");
  }
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

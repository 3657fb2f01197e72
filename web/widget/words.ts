// The words of a language.

import type { Key, Locale } from "./locale/texts";

export type Values = Readonly<Record<string, string | number>>;
type Texts = Readonly<Record<string, string>>;

const SHORT: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };

export class Words {
  /** Made once each: a browser takes longer for one of these than for a hundred texts. */
  readonly #dates = new Map<Intl.DateTimeFormatOptions, Intl.DateTimeFormat>();
  #plurals: Intl.PluralRules | undefined;
  #own: Texts = {};
  #english: Texts;

  /** English is for what the locale does not say. */
  constructor(
    readonly locale: Locale,
    english: Texts,
  ) {
    this.#english = english;
  }

  get dir(): "ltr" | "rtl" {
    return /^(ar|fa|he|ur|ps|sd|ug|yi|dv|ku-arab)\b/i.test(this.locale.tag) ? "rtl" : "ltr";
  }

  /** Take over what the inbox words otherwise in this language, or in the one it is a dialect of. */
  reword(texts: Readonly<Record<string, Texts>>): void {
    const { tag } = this.locale;
    this.#own = texts[tag] ?? texts[tag.split("-")[0] ?? ""] ?? {};
  }

  /** Learn the English of a part that came later. */
  learn(english: Texts): void {
    this.#english = { ...this.#english, ...english };
  }

  /** A text with its values filled in; for a count, in the form that the count asks for. */
  say(key: Key, values: Values = {}): string {
    const { count } = values;
    const form = typeof count === "number" ? `${key}_${this.#pluralOf(count)}` : key;
    const text = this.#find(form) ?? this.#find(`${key}_other`) ?? this.#find(key) ?? key;
    return text.replace(/\{(\w+)\}/g, (_, name: string) => this.#shown(values[name]));
  }

  /** An instant, with as much of it as the format names; a format that is the same object is made once. */
  date(at: string, format: Intl.DateTimeFormatOptions = SHORT): string {
    const known = this.#dates.get(format) ?? new Intl.DateTimeFormat(this.locale.tag, format);
    this.#dates.set(format, known);
    return known.format(new Date(at));
  }

  #pluralOf(count: number): Intl.LDMLPluralRule {
    this.#plurals ??= new Intl.PluralRules(this.locale.tag);
    return this.#plurals.select(count);
  }

  #find(key: string): string | undefined {
    return this.#own[key] ?? this.locale.texts[key] ?? this.#english[key];
  }

  #shown(value: string | number | undefined): string {
    return typeof value === "number" ? new Intl.NumberFormat(this.locale.tag).format(value) : (value ?? "");
  }
}

// Which texts there are, told from English.

import type { en } from "./en";
import type { enMore } from "./en-more";
import type { enTalk } from "./en-talk";

export type Text = keyof typeof en | keyof typeof enTalk | keyof typeof enMore;

/** A text without its plural form: the language finds that. */
export type Key = Text extends infer Each ? (Each extends `${infer Stem}_other` ? Stem | Each : Each) : never;

/** Every text, and for plurals the further forms of the language ("unread_few"). */
export type Texts = Readonly<Record<Text, string>>;
export type MoreForms = Readonly<Record<`${string}_${"zero" | "two" | "few" | "many"}`, string>>;

export interface Locale {
  /** As in `lang`: "pt-BR". */
  readonly tag: string;
  readonly texts: Readonly<Record<string, string>>;
}

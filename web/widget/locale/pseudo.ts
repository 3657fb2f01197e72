// English as no language is: longer, with marks on its letters, in brackets. What is cut off or not translated shows.

import { en } from "./en";
import { enMore } from "./en-more";
import { enTalk } from "./en-talk";
import type { Locale } from "./texts";

const FROM = "aceinouyACEINOU";
const TO = "áçéíñóúýÁÇÉÍÑÓÚ";
const LONGER = 0.4;

/** The text in disguise; what is filled in later stays as it is. */
export function disguised(text: string): string {
  const marked = text.replace(/\{\w+\}|[a-zA-Z]/g, (each) =>
    each.length > 1 ? each : (TO[FROM.indexOf(each)] ?? each),
  );
  return `[${marked}${" ~".repeat(Math.ceil((text.length * LONGER) / 2))}]`;
}

const texts = Object.fromEntries(
  Object.entries({ ...en, ...enTalk, ...enMore }).map(([key, text]) => [key, disguised(text)]),
);

export default { tag: "en-XA", texts } satisfies Locale;

// The languages there are. A new one is a file beside this one and a line here.

import { en } from "./en";
import type { Locale } from "./texts";

export const ENGLISH: Locale = { tag: "en", texts: en };

/** Everything but English is fetched when it is wanted. */
const LOCALES: Readonly<Record<string, () => Promise<{ readonly default: Locale }>>> = {
  ar: () => import("./ar"),
  de: () => import("./de"),
  fr: () => import("./fr"),
  "en-xa": () => import("./pseudo"),
};

/** The first of these languages that we speak; one that cannot be fetched is English. */
export async function localeFor(wanted: readonly string[]): Promise<Locale> {
  for (const tag of wanted) {
    const lower = tag.toLowerCase();
    const base = lower.split("-")[0] ?? "";
    const load = LOCALES[lower] ?? LOCALES[base];
    // Numbers and dates as the page's own region writes them.
    if (load)
      return load().then(
        ({ default: locale }) => regional(locale, tag),
        () => ENGLISH,
      );
    if (base === "en") return regional(ENGLISH, tag);
  }
  return ENGLISH;
}

function regional(locale: Locale, tag: string): Locale {
  return tag.toLowerCase().startsWith(locale.tag.toLowerCase()) && isTag(tag) ? { ...locale, tag } : locale;
}

function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}

import { describe, expect, it } from "vitest";
import { agoOf, bytesOf, clockOf, dayOf, durationOf } from "../../widget/formats";
import { ENGLISH, localeFor } from "../../widget/locale";
import ar from "../../widget/locale/ar";
import de from "../../widget/locale/de";
import { en } from "../../widget/locale/en";
import { enMore } from "../../widget/locale/en-more";
import { enTalk } from "../../widget/locale/en-talk";
import fr from "../../widget/locale/fr";
import pseudo from "../../widget/locale/pseudo";
import type { Locale } from "../../widget/locale/texts";
import { Words } from "../../widget/words";

const ALL: Readonly<Record<string, string>> = { ...en, ...enTalk, ...enMore };
const LOCALES: readonly Locale[] = [ar, de, fr, pseudo];
const FORM = /_(zero|one|two|few|many|other)$/;

function holes(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string).sort();
}

describe.each(LOCALES.map((locale) => [locale.tag, locale] as const))("the locale %s", (_, locale) => {
  it("has every text", () => {
    expect(Object.keys(ALL).filter((key) => !locale.texts[key])).toEqual([]);
  });

  it("has no text that nobody asks for", () => {
    const stems = new Set(
      Object.keys(ALL)
        .filter((key) => key.endsWith("_other"))
        .map((key) => key.slice(0, -6)),
    );
    const unknown = Object.keys(locale.texts).filter((key) => !(key in ALL) && !stems.has(key.replace(FORM, "")));

    expect(unknown).toEqual([]);
  });

  it("leaves out none of the values", () => {
    for (const [key, text] of Object.entries(ALL)) {
      // "One message" need not say 1.
      const expected = holes(text).filter((name) => name !== "count");
      expect(
        holes(locale.texts[key] ?? "").filter((name) => name !== "count"),
        key,
      ).toEqual(expected);
    }
  });

  it("has a form for every plural category of its language", () => {
    const { pluralCategories } = new Intl.PluralRules(locale.tag).resolvedOptions();
    const stems = Object.keys(ALL)
      .filter((key) => key.endsWith("_other"))
      .map((key) => key.slice(0, -6));

    for (const stem of stems)
      for (const category of pluralCategories) {
        // In French "many" is for millions.
        if (category === "many" && locale.tag === "fr") continue;
        expect(locale.texts[`${stem}_${category}`], `${stem}_${category}`).toBeTruthy();
      }
  });
});

it("makes every text of the pseudo-locale longer, and no placeholder different", () => {
  for (const [key, text] of Object.entries(ALL)) {
    expect(pseudo.texts[key]?.length).toBeGreaterThan(text.length * 1.2);
    expect(pseudo.texts[key]).not.toContain(text);
  }
});

describe("which language is spoken", () => {
  it.each([
    [["de-AT"], "de-AT"],
    [["pt-BR", "fr"], "fr"],
    [["en-GB", "de"], "en-GB"],
    [["en-XA"], "en-XA"],
    [["ar"], "ar"],
    [["xx", "not a tag"], "en"],
    [[], "en"],
  ])("for %j it is %s", async (wanted, tag) => {
    expect((await localeFor(wanted)).tag).toBe(tag);
  });
});

describe("words", () => {
  it("takes the form that the count asks for", () => {
    const arabic = new Words(ar, ALL);

    expect(new Words(ENGLISH, ALL).say("unread", { count: 1 })).toBe("1 unread message");
    expect(arabic.say("unread", { count: 2 })).toBe("رسالتان غير مقروءتين");
    expect(arabic.say("unread", { count: 5 })).toMatch(/رسائل/);
  });

  it("lets the inbox word it otherwise", () => {
    const words = new Words(de, ALL);

    words.reword({ de: { hello: "Moin!" }, en: { send: "Off" } });

    expect(words.say("hello")).toBe("Moin!");
    expect(words.say("send")).toBe("Senden");
  });

  it("runs right to left for Arabic", () => {
    expect(new Words(ar, ALL).dir).toBe("rtl");
    expect(new Words(de, ALL).dir).toBe("ltr");
  });

  it("writes clocks, days and sizes as the language does", () => {
    const words = new Words(ENGLISH, ALL);
    const noon = Date.parse("2026-11-24T12:00:00Z");

    expect(clockOf(words, 102_000)).toBe("1:42");
    expect(clockOf(words, 3_723_000)).toBe("1:02:03");
    expect(dayOf(words, noon - 86_400_000, noon)).toBe("Yesterday");
    expect(agoOf(words, "2026-11-24T11:55:00Z", noon)).toBe("5 minutes ago");
    expect(bytesOf(words, 812_000)).toBe("812 kB");
    expect(durationOf(words, 300)).toBe("5 minutes");
  });
});

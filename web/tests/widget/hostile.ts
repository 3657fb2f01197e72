// What somebody who means harm writes where text is expected: the list is for the tests in browsers too.

import { addresses, breaks, links, markup } from "../hostile.json";

/** Every address in every way an address can be written. */
const LINKS = addresses.flatMap((address) => links.map((way) => way.replace("{}", () => address)));

/** So much of one thing that a parser with a weakness never ends. */
const FLOODS = [
  "*".repeat(4_000),
  "_".repeat(4_000),
  "`".repeat(4_000),
  "[".repeat(4_000),
  "> ".repeat(2_000),
  "- ".repeat(2_000),
  "**a".repeat(3_000),
  " *a".repeat(5_000),
  "[x](".repeat(3_000),
  "|".repeat(4_000),
  `${"  ".repeat(6)}- x\n`.repeat(500),
  "https://".repeat(1_500),
  "a".repeat(16_000),
  "\u0301".repeat(2_000),
];

export const HOSTILE: readonly string[] = [...markup, ...LINKS, ...breaks, ...FLOODS];

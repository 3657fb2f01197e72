// The small round picture of whoever speaks for the service: a spark for the bot, the first letter of a person.

import type { AuthorKind } from "../../client/wire";
import { h, icon } from "../dom";
import { PERSON, SPARK } from "../icons";

export function avatar(by: AuthorKind, name: string | null): HTMLElement {
  const letter = by === "agent" && name ? firstOf(name) : null;
  return h("span", { class: `avatar ${by}`, "aria-hidden": "true" }, letter ?? icon(by === "bot" ? SPARK : PERSON));
}

/** The first letter as people see it: one of two code points stays whole. */
function firstOf(name: string): string {
  return ([...name.trim()][0] ?? "").toLocaleUpperCase();
}

// The fields of a form, and what is wrong with what was filled in. The server has the last word.

import type { MessagePart } from "../client/items";
import type { Json } from "../client/wire";
import { listOf } from "./lines";
import type { Key } from "./locale/texts";
import type { Values } from "./words";

export const TYPES = ["text", "email", "tel", "number", "date", "select", "checkbox", "textarea"] as const;

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: (typeof TYPES)[number];
  readonly required: boolean;
  readonly options: readonly string[];
  readonly pattern: string | null;
  readonly max: number | null;
}

export interface Mistake {
  readonly key: Key;
  readonly values?: Values;
}

const SHORT_CHARS_MAX = 200;
const LONG_CHARS_MAX = 4_000;

/** The fields of a form part; one of a type that is not known is asked for as text. */
export function fieldsOf(part: MessagePart): Field[] {
  return listOf(part, "fields").map((given) => {
    const field = given as Readonly<Record<string, Json>>;
    const text = (name: string) => (typeof field[name] === "string" ? field[name] : null);
    return {
      name: text("name") ?? "",
      label: text("label") ?? "",
      type: TYPES.find((type) => type === field["type"]) ?? "text",
      required: field["required"] === true,
      options: listOf(field, "options").map(String),
      pattern: text("pattern"),
      max: typeof field["max"] === "number" ? field["max"] : null,
    };
  });
}

export function charsMax({ type, max }: Field): number {
  return max ?? (type === "textarea" ? LONG_CHARS_MAX : SHORT_CHARS_MAX);
}

/** What is wrong with a value as it was filled in. */
export function mistakeOf(field: Field, value: string | boolean): Mistake | null {
  if (value === false || (typeof value === "string" && !value.trim())) {
    return field.required ? { key: "form_needed" } : null;
  }
  return typeof value === "string" ? (writtenMistake(field, value.trim()) ?? null) : null;
}

function writtenMistake(field: Field, value: string): Mistake | null {
  switch (field.type) {
    case "number":
      if (!Number.isFinite(Number(value))) return { key: "form_number" };
      return field.max !== null && Number(value) > field.max ? { key: "form_max", values: { max: field.max } } : null;
    case "date":
      return /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)) ? null : { key: "form_date" };
    case "select":
    case "checkbox":
      return null;
    default:
      return textMistake(field, value);
  }
}

function textMistake(field: Field, value: string): Mistake | null {
  if ([...value].length > charsMax(field)) return { key: "form_long", values: { max: charsMax(field) } };
  if (field.type === "email" && !/^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/.test(value)) return { key: "form_email" };
  if (field.type === "tel" && !/^\+?[0-9 ()/.-]{3,40}$/.test(value)) return { key: "form_tel" };
  return field.pattern !== null && !matches(field.pattern, value) ? { key: "form_pattern" } : null;
}

/** Whether a value has the form that is asked for; a pattern this browser does not read is the server's to check. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(value);
  } catch {
    return true;
  }
}

/** The value as it is sent; null where nothing was filled in. */
export function sentOf({ type }: Field, value: string | boolean): Json {
  if (typeof value === "boolean") return value;
  if (!value.trim()) return null;
  return type === "number" ? Number(value) : value.trim();
}

import { describe, expect, it } from "vitest";
import { type Field, fieldsOf, mistakeOf, sentOf } from "../../widget/fields";

function field(change: Partial<Field> = {}): Field {
  return { name: "a", label: "A", type: "text", required: false, options: [], pattern: null, max: null, ...change };
}

describe("what is wrong with a value", () => {
  it.each<[Partial<Field>, string | boolean, string | null]>([
    [{ required: true }, "", "form_needed"],
    [{ required: true }, "   ", "form_needed"],
    [{ required: true, type: "checkbox" }, false, "form_needed"],
    [{}, "", null],
    [{ type: "checkbox" }, false, null],
    [{ type: "email" }, "ana@shop.example", null],
    [{ type: "email" }, "ana", "form_email"],
    [{ type: "email" }, "ana@shop", "form_email"],
    [{ type: "email" }, "a b@shop.example", "form_email"],
    [{ type: "tel" }, "+49 (0)30 123", null],
    [{ type: "tel" }, "call me", "form_tel"],
    [{ type: "number" }, "12.5", null],
    [{ type: "number" }, "twelve", "form_number"],
    [{ type: "number", max: 3 }, "4", "form_max"],
    [{ type: "date" }, "2026-01-31", null],
    [{ type: "date" }, "31.1.2026", "form_date"],
    [{ pattern: "[0-9]{4}" }, "4711", null],
    [{ pattern: "[0-9]{4}" }, "47115", "form_pattern"],
    [{ pattern: "(" }, "anything", null],
    [{ max: 3 }, "abcd", "form_long"],
    [{ max: 3 }, "\u{1F600}\u{1F600}\u{1F600}", null],
  ])("%j with %j: %s", (change, value, expected) => {
    expect(mistakeOf(field(change), value)?.key ?? null).toBe(expected);
  });
});

it("sends numbers as numbers, ticks as ticks, and nothing where nothing was filled in", () => {
  expect(sentOf(field({ type: "number" }), "3")).toBe(3);
  expect(sentOf(field({ type: "checkbox" }), true)).toBe(true);
  expect(sentOf(field(), " a ")).toBe("a");
  expect(sentOf(field(), " ")).toBeNull();
});

it("makes the best of a form that is not one", () => {
  const fields = fieldsOf({ kind: "form", fields: [{ name: 3, type: "iframe", options: "no" } as never] });

  expect(fields).toEqual([field({ name: "", label: "" })]);
  expect(fieldsOf({ kind: "form", fields: "no" })).toEqual([]);
});

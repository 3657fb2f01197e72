// One question of a form, with its label and its mistake.

import { h } from "../dom";
import { charsMax, type Field } from "../fields";
import type { Words } from "../words";

export interface Input {
  readonly field: Field;
  readonly node: HTMLElement;
  readonly control: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
  readonly mistake: HTMLElement;
}

export function input(words: Words, field: Field, id: string): Input {
  const mistake = h("p", { class: "mistake", id: `${id}-mistake` });
  const common = { id, "aria-describedby": mistake.id, "aria-required": field.required && "true", dir: "auto" };
  const control = controlOf(words, field, common);
  const isTick = field.type === "checkbox";
  const mark = !field.required && !isTick && h("small", {}, " ", words.say("optional"));
  const label = h("label", { for: id, dir: "auto" }, field.label, mark);
  const node = h(
    "div",
    { class: isTick ? "field tick" : "field" },
    ...(isTick ? [control, label] : [label, control]),
    mistake,
  );
  return { field, node, control, mistake };
}

const AUTOCOMPLETE: Readonly<Record<string, string>> = { email: "email", tel: "tel" };

function controlOf(words: Words, field: Field, common: Record<string, unknown>): Input["control"] {
  const { type, options } = field;
  const maxlength = charsMax(field);
  if (type === "textarea") return h("textarea", { ...common, rows: 3, maxlength });
  if (type === "select") {
    const choices = options.map((option) => h("option", { value: option }, option));
    return h("select", common, h("option", { value: "" }, words.say("form_choose")), ...choices);
  }
  if (type === "checkbox" || type === "date") return h("input", { ...common, type });
  if (type === "number") return h("input", { ...common, type: "text", inputmode: "decimal" });
  return h("input", { ...common, type, maxlength, autocomplete: AUTOCOMPLETE[type] ?? "on" });
}

// A small form the bot asks for: checked here as the server will, and each mistake said where it is.

import type { MessagePart } from "../../client/items";
import type { State } from "../../client/state";
import type { Json } from "../../client/wire";
import type { App } from "../app";
import { fill, h, icon, set } from "../dom";
import { type Field, fieldsOf, mistakeOf, sentOf } from "../fields";
import { CHECK } from "../icons-more";
import { enMore } from "../locale/en-more";
import css from "./form.css?inline";
import { type Input, input } from "./form-input";

export function form(app: App, state: () => State, part: MessagePart): HTMLElement {
  app.words.learn(enMore);
  app.adopt(css);
  const id = String(part["id"]);
  const node = h("form", { class: "form", novalidate: true });
  const draw = (now: State) => fill(node, [isAnswered(now, id) ? answered(app, part) : open(app, node, part, id)]);
  const stop = app.chat.subscribe((next) => {
    if (node.isConnected && !isAnswered(next, id)) return;
    draw(next);
    stop();
  });
  draw(state());
  return node;
}

/** Whether the visitor answered it, or is about to. */
function isAnswered({ items, pending }: State, id: string): boolean {
  const answers = (parts: readonly MessagePart[]) =>
    parts.some(({ kind, form }) => kind === "form_answer" && form === id);
  return (
    items.some((item) => item.kind === "message" && answers(item.parts)) ||
    pending.some((each) => each.status !== "failed" && answers(each.parts))
  );
}

function answered({ words }: App, part: MessagePart): HTMLElement {
  const title = part["title"] ? `${part["title"]}: ` : "";
  return h("p", { class: "done" }, icon(CHECK), title + words.say("form_sent"));
}

function open(app: App, node: HTMLFormElement, part: MessagePart, id: string): HTMLElement {
  const { words } = app;
  const inputs = fieldsOf(part).map((field, at) => input(words, field, `${id}-${at}`));
  const summary = h("p", { class: "trouble" });
  node.onsubmit = (event) => {
    event.preventDefault();
    const wrong = inputs.filter((each) => !check(app, each));
    fill(summary, wrong.length ? [words.say("form_mistakes", { count: wrong.length })] : []);
    if (!wrong.length) {
      void answer(app, id, inputs);
      (node.getRootNode() as ShadowRoot).querySelector<HTMLElement>(".composer textarea")?.focus();
      return;
    }
    app.announcer.alert(summary.textContent ?? "");
    wrong[0]?.control.focus();
  };
  return h(
    "div",
    { role: "group", "aria-label": part["title"] ?? words.say("form_send") },
    part["title"] && h("p", { class: "title", dir: "auto" }, String(part["title"])),
    ...inputs.map(({ node }) => node),
    summary,
    h("button", { class: "main" }, String(part["submit"] ?? words.say("form_send"))),
  ) as HTMLElement;
}

/** Whether a field is all right; else its mistake stands below it. */
function check({ words }: App, { field, control, mistake }: Input): boolean {
  const found = mistakeOf(field, raw(control));
  fill(mistake, found ? [words.say(found.key, found.values)] : []);
  set(control, { "aria-invalid": found ? "true" : null });
  return !found;
}

function answer({ chat }: App, form: string, inputs: readonly Input[]): Promise<void> {
  const values: Record<string, Json> = {};
  for (const { field, control } of inputs) {
    const value = sentOf(field, raw(control));
    if (value !== null) values[field.name] = value;
  }
  const text = inputs.flatMap(({ field, control }) => told(field, raw(control))).join("\n");
  return chat.send(text, { parts: [{ kind: "form_answer", form, values }] });
}

function told(field: Field, value: string | boolean): string[] {
  if (typeof value === "boolean") return value ? [`${field.label}: \u2713`] : [];
  return value.trim() ? [`${field.label}: ${value.trim()}`] : [];
}

function raw(control: Input["control"]): string | boolean {
  return control.type === "checkbox" ? (control as HTMLInputElement).checked : control.value;
}

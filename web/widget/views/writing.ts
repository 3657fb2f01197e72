// An answer that is being written, and somebody who is writing.

import type { State, Writing } from "../../client/state";
import type { AuthorKind } from "../../client/wire";
import { type App, nameOf } from "../app";
import { h, tell } from "../dom";
import type { Row } from "../keyed-list";
import type { Line } from "../lines";
import { growing } from "../markdown";
import { avatar } from "./avatar";

/** A sign of life this old says nothing any more: the server will tell what became of it. */
export const SILENCE_MS = 60_000;
const THINKING = "thinking";

export function writingRow(app: App, state: State): Row<Line> {
  const text = h("div", { class: "bubble rich", dir: "auto" });
  const grow = growing(text);
  const { node, dots, what } = frame(app, state, "bot", null);
  const hide = expiring(dots);
  dots.before(text);
  let shown: Writing | null = null;
  const update = (line: Line) => {
    if (line.kind !== "writing" || line.writing === shown) return;
    shown = line.writing;
    node.classList.toggle("first", line.isFirst);
    if (shown.isBroken) return;
    grow(shown.text);
    text.hidden = !shown.text;
    const { working } = shown;
    tell(what, working === THINKING ? app.words.say("thinking") : (working ?? ""));
    hide(!!shown.text && !working);
  };
  return { node, update };
}

export function typingRow(app: App, state: State, by: AuthorKind, name: string | null): Row<Line> {
  const { node } = frame(app, state, by, name);
  return { node, update: (line) => node.classList.toggle("first", line.kind === "typing" && line.isFirst) };
}

function frame(app: App, state: State, by: AuthorKind, given: string | null) {
  const name = nameOf(app, state, by, given);
  const what = h("span", { class: "what" });
  const dots = h("div", { class: "bubble dots" }, h("i"), h("i"), h("i"), what);
  const said = h("span", { class: "unseen" }, app.words.say("writing", { name }));
  const shown = h("span", { class: "name", "aria-hidden": "true" }, name);
  return {
    node: h("div", { class: "row them last" }, avatar(by, name), shown, said, h("div", { class: "body" }, dots)),
    dots,
    what,
  };
}

/** Hide the dots by order, or when nothing has been heard for long. */
function expiring(dots: HTMLElement): (isHidden: boolean) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (isHidden) => {
    clearTimeout(timer);
    dots.hidden = isHidden;
    if (!isHidden) timer = setTimeout(() => (dots.hidden = true), SILENCE_MS);
  };
}

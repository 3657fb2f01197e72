// What was said and what happened. It is no live region: the announcer speaks for it.

import type { State } from "../../client/state";
import type { App, View } from "../app";
import { h, icon, tell } from "../dom";
import { dayOf } from "../formats";
import { DOWN } from "../icons";
import { keyedList, type Row } from "../keyed-list";
import { isSame, type Line, lines } from "../lines";
import { canAskAgain, isExcused, sentence } from "../notices";
import { button } from "./buttons";
import { messageRow } from "./message";
import { keepAtEnd } from "./scrolling";
import { typingRow, writingRow } from "./writing";

export function transcript(app: App, tail: readonly Node[] = []): View {
  const list = h("div", { class: "list" });
  const log = h("div", {
    class: "log",
    part: "transcript",
    role: "log",
    "aria-live": "off",
    "aria-label": app.words.say("transcript"),
    tabindex: 0,
    keydown: (event: KeyboardEvent) => walk(list, event),
  });
  const latest = h("button", { type: "button", class: "latest", hidden: true }, icon(DOWN), app.words.say("latest"));
  const content = h("div", {}, list, ...tail);
  log.append(content);
  const scroll = keepAtEnd(log, content, latest);
  let state: State;
  const show = keyedList<Line>(
    list,
    (line) => line.key,
    (line) => rowOf(app, () => state, line),
  );
  return {
    node: h("div", { class: "transcript" }, log, latest),
    update(next) {
      const isMineNew = next.pending.length > (state?.pending.length ?? 0);
      state = next;
      scroll(() => show(lines(next, (notice) => !!sentence(notice, app, next))), isMineNew);
      log.setAttribute("aria-busy", String(!!next.writing));
    },
  };
}

function rowOf(app: App, state: () => State, first: Line): Row<Line> {
  const row = drawn(app, state, first);
  let shown = first;
  row.update(first);
  const update = (line: Line) => {
    if (isSame(shown, line) && line.kind !== "bubble") return;
    shown = line;
    row.update(line);
  };
  return { node: row.node, update };
}

function drawn(app: App, state: () => State, line: Line): Row<Line> {
  switch (line.kind) {
    case "bubble":
      return messageRow(app, state, line);
    case "writing":
      return writingRow(app, state());
    case "typing":
      return typingRow(app, state(), line.typing.by, line.typing.name);
    case "day": {
      const node = h("h3", { class: "day" });
      return { node, update: () => tell(node, dayOf(app.words, line.atMs, app.now())) };
    }
    case "notice":
      return noticeRow(app, state, line);
    case "removed":
      return still(h("p", { class: "notice" }, app.words.say("removed")));
    case "replies":
      return still(h("div", { class: "replies" }, ...line.options.map((option) => reply(app, option))));
  }
}

function still(node: Element): Row<Line> {
  return { node, update: () => undefined };
}

function noticeRow(app: App, state: () => State, { notice }: Extract<Line, { kind: "notice" }>): Row<Line> {
  const isSaid = isExcused(notice, state());
  const again = button(app.words.say("retry_turn"), () => void app.chat.retryTurn(), isSaid ? "quiet" : "plain");
  const text = !isSaid && h("span", {}, sentence(notice, app, state()));
  const node = h("div", { class: isSaid ? "replies" : "notice" }, text, again);
  const update = (line: Line) => {
    again.hidden = line.kind !== "notice" || !line.canRetry || !canAskAgain(notice);
    node.hidden = isSaid && again.hidden;
  };
  return { node, update };
}

function reply(app: App, option: string): HTMLElement {
  return button(option, (event) => {
    const root = (event.target as Element).getRootNode() as ShadowRoot;
    void app.chat.send(option);
    root.querySelector("textarea")?.focus();
  });
}

/** Arrow keys go from message to message. */
function walk(list: Element, event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const all = [...list.querySelectorAll<HTMLElement>("article")];
  const at = all.indexOf((list.getRootNode() as ShadowRoot).activeElement as HTMLElement);
  // From within a message the keys are those of what is focused there.
  if (at < 0 && event.target !== event.currentTarget) return;
  const from = at < 0 ? all.length : at;
  const to = { ArrowUp: from - 1, ArrowDown: from + 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || !all[to]) return;
  event.preventDefault();
  all[to].focus();
  all[to].scrollIntoView({ block: "nearest" });
}

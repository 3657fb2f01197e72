// Whether it helped, and how it was: asked once for each chat, and changeable.

import { canRate } from "../../client/deadlines";
import type { Rating, State, Verdict } from "../../client/state";
import type { App, View } from "../app";
import { type Child, h, icon, place } from "../dom";
import { CHECK, STAR } from "../icons-more";
import { button } from "./buttons";

const SCORES = [1, 2, 3, 4, 5] as const;
const COMMENT_CHARS_MAX = 2_000;

export function rating(app: App): View {
  const node = h("div", { class: "rating" });
  let skipped = "";
  let changing = "";
  const show = place<State>(
    node,
    (state) => [periodOf(state), isAsked(app, state), state.rating, skipped, changing],
    (state) => {
      const period = periodOf(state);
      if (!isAsked(app, state) || skipped === period) return [];
      const given = state.rating?.period === state.session?.period ? state.rating : null;
      if (given && changing !== period) return thanks(app, () => redo(period));
      return [
        form(
          app,
          state,
          given,
          () => finish(period),
          () => skip(period),
        ),
      ];
    },
  );
  const redo = (period: string) => {
    changing = period;
    app.redraw();
  };
  const finish = (period: string) => {
    changing = "";
    skipped = skipped === period ? "" : skipped;
  };
  const skip = (period: string) => {
    if (changing === period) changing = "";
    else skipped = period;
    app.redraw();
  };
  return { node, update: show };
}

function periodOf({ session }: State): string {
  return `${session?.id} ${session?.period}`;
}

function isAsked(app: App, state: State): boolean {
  const { config, session } = state;
  return (
    !!session?.close_reason && !!config?.rating?.ask_on.includes(session.close_reason) && canRate(state, app.now())
  );
}

function thanks({ words }: App, redo: () => void): readonly Child[] {
  return [
    h("p", { class: "thanks" }, icon(CHECK), words.say("thanks"), button(words.say("rating_change"), redo, "plain")),
  ];
}

function form(app: App, state: State, given: Rating | null, finish: () => void, skip: () => void): HTMLElement {
  const { words, chat } = app;
  const comment = h("textarea", { rows: 2, maxlength: COMMENT_CHARS_MAX, dir: "auto" }, given?.comment ?? "");
  const onSubmit = (event: Event) => {
    event.preventDefault();
    const verdict = verdictOf(new FormData(event.target as HTMLFormElement), comment.value.trim());
    if (!Object.keys(verdict).length) return;
    finish();
    app.announcer.say(words.say("thanks"));
    void chat.rate(verdict);
  };
  const told = state.config?.rating?.comment && [
    h(
      "label",
      { class: "comment" },
      h("span", {}, words.say("comment"), " ", h("small", {}, words.say("optional"))),
      comment,
    ),
  ];
  return h(
    "form",
    { submit: onSubmit },
    solved(app, given),
    score(app, given),
    ...(told || []),
    h(
      "div",
      { class: "choices" },
      h("button", { class: "main" }, words.say("rating_send")),
      button(words.say("rating_skip"), skip, "plain"),
    ),
  );
}

function solved({ words }: App, given: Rating | null): HTMLElement {
  const choice = (value: boolean) =>
    h(
      "label",
      {},
      h("input", { type: "radio", name: "solved", value: String(value), checked: given?.solved === value }),
      h("span", {}, words.say(value ? "yes" : "no")),
    );
  return h("fieldset", { class: "solved" }, h("legend", {}, words.say("solved")), choice(true), choice(false));
}

function score({ words }: App, given: Rating | null): HTMLElement {
  const choices = SCORES.map((value) =>
    h(
      "label",
      { title: words.say(`rating_${value}`) },
      h("input", { type: "radio", name: "score", value, checked: given?.score === value }),
      icon(STAR),
      h("span", { class: "unseen" }, words.say(`rating_${value}`)),
    ),
  );
  return h("fieldset", { class: "score" }, h("legend", {}, words.say("rating")), ...choices);
}

function verdictOf(said: FormData, comment: string): Verdict {
  const [isSolved, stars] = [said.get("solved"), said.get("score")];
  return {
    ...(isSolved !== null && { solved: isSolved === "true" }),
    ...(stars !== null && { score: Number(stars) }),
    ...(comment && { comment }),
  };
}

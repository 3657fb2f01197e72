// What is wrong, and what happens to messages meanwhile.

import type { State } from "../../client/state";
import type { App, View } from "../app";
import { h, icon, place } from "../dom";
import { CLOSE } from "../icons";
import { ALERT, OFFLINE } from "../icons-more";
import { enTalk } from "../locale/en-talk";
import type { Key } from "../locale/texts";
import css from "./banner.css?inline";
import { iconButton } from "./buttons";

/** Shorter trouble is not worth a word. */
export const TROUBLE_MS = 2_000;

export function banner(app: App): View {
  app.words.learn(enTalk);
  app.adopt(css);
  const node = h("div", { class: "banner" });
  let since: number | null = null;
  let dismissed: State["problem"] = null;
  let isTold = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const what = (state: State): readonly [Key | string, string] | null => {
    const key = since !== null && app.now() - since >= TROUBLE_MS ? TROUBLES[state.link] : null;
    if (key) return [app.words.say(key), OFFLINE];
    // What became of a file is said where the file is.
    if (state.problem && state.problem !== dismissed && state.problem.act !== "upload")
      return [state.problem.detail || app.words.say("failed"), ALERT];
    return state.storage === "memory" && state.session && !isTold ? [app.words.say("memory_only"), ALERT] : null;
  };
  const show = place<State>(
    node,
    (state) => [what(state)?.[0], state.problem],
    (state) => {
      const trouble = what(state);
      if (!trouble) return [];
      app.announcer.alert(trouble[0]);
      const dismiss = iconButton(app.words.say("dismiss"), CLOSE, () => {
        isTold ||= !state.problem;
        dismissed = state.problem;
        app.redraw();
      });
      return [icon(trouble[1]), h("p", { dir: "auto" }, trouble[0]), trouble[1] === ALERT && dismiss];
    },
  );
  return {
    node,
    update(state) {
      if (!TROUBLES[state.link]) {
        since = null;
        clearTimeout(timer);
      } else if (since === null) {
        since = app.now();
        timer = setTimeout(app.redraw, TROUBLE_MS);
      }
      show(state);
    },
  };
}

const TROUBLES: Readonly<Partial<Record<State["link"], Key>>> = {
  offline: "offline",
  reconnecting: "reconnecting",
  refused: "refused",
};

// Somebody who tells a screen reader what is new, whether or not the chat is open: fetched with the first news.

import type { State } from "../client/state";
import type { App } from "./app";
import { eventually } from "./eventually";
import type { Narrator } from "./narrator";

/** Hear every change, for what comes and goes between two frames is said too. */
export function hearing(app: App): void {
  const { chat } = app;
  let first = chat.getState();
  let isAwaited = false;
  let narrator: Narrator | undefined;
  const hear = (state: State) => {
    if (narrator) return narrator.hear(state);
    if (state.session?.id !== first.session?.id) first = state;
    const newest = state.items.at(-1)?.seq ?? 0;
    if (isAwaited || (newest <= first.known && !state.writing)) return;
    isAwaited = true;
    eventually(
      () => import("./narrator"),
      (found) => {
        narrator = new found.Narrator(app);
        narrator.hear(first);
        narrator.hear(chat.getState());
      },
    );
  };
  app.until(chat.subscribe(hear));
}

// What the glass box says while there is no chat to look into.

import { h, set, tell } from "../../widget/dom";
import { type Glass, isOwn } from "../glass";
import { many } from "../words";

const COMING: readonly (readonly [what: string, more: string])[] = [
  ["Where the chat is", "who answers, whom it waits for, whether it can go on"],
  ["What happens by itself", "each clock that runs, counting down"],
  ["What happened", "every event, the moment it is stored"],
  ["The last answer", "what the bot was shown, what it looked up, how long it took"],
  ["What is known", "each fact, and who said so"],
];

export function welcome(): { readonly node: HTMLElement; update(glass: Glass): void } {
  const others = h("p", { class: "note" });
  const node = h(
    "section",
    { class: "panel welcome", "aria-labelledby": "welcome-title" },
    h("h2", { id: "welcome-title" }, "Your chat will show here"),
    h("p", {}, "Open the chat in the shop and ask something. From then on you see, while it happens:"),
    h("dl", {}, ...COMING.map(([what, more]) => h("div", {}, h("dt", {}, what), h("dd", {}, more)))),
    others,
  );
  const update = (glass: Glass) => {
    const theirs = glass.sessions.filter((each) => !isOwn(glass, each)).length;
    set(node, { hidden: glass.session !== null || glass.server === "refused" });
    tell(
      others,
      theirs ? `${many(theirs, "chat")} of other visitors ${theirs === 1 ? "is" : "are"} here too: choose above.` : "",
    );
  };
  return { node, update };
}

// Going on elsewhere: the link that does it, and the question before it is done.

import type { State } from "../../client/state";
import type { App, View } from "../app";
import { type Child, h, place } from "../dom";
import { linkFor } from "../elsewhere";
import { enMore } from "../locale/en-more";
import { button } from "./buttons";
import css from "./elsewhere.css?inline";

export function elsewhere(app: App): View {
  app.words.learn(enMore);
  app.adopt(css);
  const node = h("div", { class: "elsewhere" });
  let address = "";
  let wasShown = false;
  const make = async () => {
    address = "";
    const secret = await app.chat.linkElsewhere();
    address = secret ? linkFor(app.inbox, secret) : "";
    app.redraw();
  };
  const show = place<State>(
    node,
    () => [app.ui.secret, address],
    () => (app.ui.secret ? coming(app, app.ui.secret) : going(app, address)),
  );
  return {
    node,
    update(state) {
      const isShown = app.ui.page === "elsewhere";
      // Each link works once: whoever looks again gets another.
      if (isShown && !wasShown && !app.ui.secret) void make();
      wasShown = isShown;
      show(state);
    },
  };
}

function going({ words, announcer }: App, address: string): readonly Child[] {
  const link = h("input", { readonly: true, value: address, dir: "ltr", "aria-label": words.say("elsewhere_link") });
  const copy = async () => {
    link.select();
    await navigator.clipboard?.writeText(address);
    announcer.say(words.say("elsewhere_copied"));
  };
  const act = button(words.say("elsewhere_copy"), () => void copy(), "main");
  return [h("p", {}, words.say("elsewhere_how")), address && link, address && act];
}

/** Who follows a link need not have made it: nothing is done before they say so. */
function coming(app: App, secret: string): readonly Child[] {
  const { words, chat } = app;
  const leave = () => app.change({ page: "chat", secret: null });
  const come = () => {
    leave();
    void chat.comeByLink(secret);
  };
  const choices = [button(words.say("elsewhere_yes"), come, "main"), button(words.say("elsewhere_no"), leave)];
  return [h("p", {}, words.say("elsewhere_come")), h("div", { class: "choices" }, ...choices)];
}

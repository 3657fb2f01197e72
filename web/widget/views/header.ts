// Who answers, how the connection is, and the way out.

import type { State } from "../../client/state";
import { type App, isElsewhere, nameOf, type View } from "../app";
import { fill, h, place, set, tell } from "../dom";
import { BACK, CLOSE, MORE } from "../icons";
import { fetchRest } from "../lazy-parts";
import { avatar } from "./avatar";
import { iconButton } from "./buttons";
import css from "./header.css?inline";
import { ondemand } from "./ondemand";

export function header(app: App): View {
  app.adopt(css);
  const { words } = app;
  const menu = ondemand(
    app,
    () => app.ui.isMenuOpen,
    () => fetchRest().then(({ menu }) => menu),
  );
  const back = iconButton(words.say("back"), BACK, () => goBack(app));
  const face = h("div", { class: "face" });
  const title = h("h2", { id: "title" });
  const status = h("p", { class: "status" });
  const more = iconButton(words.say("menu"), MORE, () => app.change({ isMenuOpen: !app.ui.isMenuOpen }));
  const close = iconButton(words.say("close"), CLOSE, () => app.toggle(false));
  const node = h(
    "div",
    { class: "header", part: "header" },
    back,
    face,
    h("div", { class: "who" }, h("slot", { name: "header" }, title), status),
    more,
    close,
    menu.node,
  );
  const showFace = place<State>(
    face,
    ({ session, config }) => [session?.floor, session?.agent_name, config],
    ({ session }) => [avatar(session?.floor === "agent" ? "agent" : "bot", session?.agent_name ?? null)],
  );
  set(more, { "aria-controls": "menu" });
  return {
    node,
    update(state) {
      const isAway = isElsewhere(app, state);
      back.hidden = !isAway;
      face.classList.toggle("away", isAway);
      more.hidden = isAway;
      close.hidden = app.mode !== "float";
      set(more, { "aria-expanded": String(app.ui.isMenuOpen) });
      showFace(state);
      tell(title, titleOf(app, state));
      fill(status, isAway ? [] : [statusOf(app, state)]);
      status.dataset["link"] = isAway ? "" : dotOf(state);
      menu.update(state);
    },
  };
}

function goBack(app: App): void {
  if (app.chat.getState().past) void app.chat.openEarlier(null);
  else app.change({ page: "chat", secret: null });
}

function titleOf(app: App, state: State): string {
  if (state.past) return app.words.say("earlier_from", { date: app.words.date(state.past.session.opened_at) });
  const { page } = app.ui;
  if (page !== "chat") return app.words.say(`menu_${page}`);
  if (state.session?.floor === "agent") return nameOf(app, state, "agent", state.session.agent_name);
  return state.config?.title || app.words.say("chat");
}

function statusOf({ words }: App, { link, session }: State): string {
  if ((link === "connecting" && session) || link === "reconnecting") return words.say("connecting");
  if (link === "offline" || link === "refused") return words.say("no_connection");
  if (!session) return words.say("bot_answers");
  if (session.phase !== "open") return words.say("chat_ended");
  const by = { bot: "bot_answers", queue: "waiting_person", agent: "person_answers" } as const;
  return words.say(by[session.floor]);
}

/** What the dot beside the status says; the words say it too. */
function dotOf({ link, session }: State): string {
  if (session && session.phase !== "open") return "over";
  if (link === "offline" || link === "refused") return "off";
  return session?.floor === "queue" || link.endsWith("connecting") ? "wait" : "on";
}

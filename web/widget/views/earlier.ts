// Earlier chats: which there are, one of them to be read, and going on with it.

import { canResume } from "../../client/clocks";
import { NOTHING, type State } from "../../client/state";
import type { SessionView } from "../../client/wire";
import type { App, View } from "../app";
import { type Child, h, icon, place } from "../dom";
import { agoOf } from "../formats";
import { BUBBLE } from "../icons";
import { HISTORY } from "../icons-more";
import { enMore } from "../locale/en-more";
import { enTalk } from "../locale/en-talk";
import { isNamed, titleOf } from "../topics";
import { button } from "./buttons";
import css from "./earlier.css?inline";
import { transcript } from "./transcript";

export function earlier(app: App): View {
  app.words.learn({ ...enTalk, ...enMore });
  app.adopt(css);
  const list = h("div", { class: "page" });
  const past = reading(app);
  const show = place<State>(
    list,
    (state) => [state.earlier, state.session, app.words],
    (state) => content(app, state),
  );
  let isAsked = false;
  return {
    node: h("div", { class: "pages" }, list, past.node),
    update(state) {
      const isList = app.ui.page === "earlier";
      if (isList && !isAsked) void app.chat.listEarlier();
      isAsked = isList;
      show(state);
      list.hidden = !isList || !!state.past;
      past.update(state);
    },
  };
}

function content(app: App, { earlier, session }: State): readonly Child[] {
  const { words } = app;
  if (!earlier) return [h("p", { class: "empty" }, words.say("earlier_loading"))];
  if (!earlier.length) return [h("p", { class: "empty" }, icon(HISTORY), words.say("earlier_none"))];
  return [
    h("ul", { class: "chats" }, ...earlier.map((each) => h("li", {}, entry(app, each, each.id === session?.id)))),
  ];
}

function entry(app: App, session: SessionView, isNow: boolean): HTMLElement {
  const { words, chat } = app;
  const open = () => {
    if (isNow) app.change({ page: "chat" });
    else void chat.openEarlier(session.id);
  };
  const topics = session.threads
    .map(({ title, topic }) => title ?? topic)
    .filter(Boolean)
    .join(", ");
  return h(
    "button",
    { type: "button", click: open },
    icon(BUBBLE),
    h(
      "span",
      {},
      h("b", {}, h("bdi", {}, topics || words.date(session.opened_at))),
      h("small", {}, topics && `${words.date(session.opened_at)} \u00b7 `, standing(app, session, isNow)),
    ),
  );
}

function standing(app: App, session: SessionView, isNow: boolean): string {
  const { words } = app;
  if (isNow) return words.say("earlier_now");
  if (session.phase === "open" || !session.closed_at) return words.say("earlier_open");
  const ended = words.say("earlier_ended", { ago: agoOf(words, session.closed_at, app.now()) });
  return canResume({ ...NOTHING, session }, app.now()) ? `${ended} \u00b7 ${words.say("earlier_resumable")}` : ended;
}

/** One chat, to be read only. */
function reading(app: App): View {
  const log = transcript(app);
  const foot = h("div", { class: "choices foot" });
  const showFoot = place<State>(
    foot,
    (state) => [state.past, canResume(state, app.now()), state.config],
    (state) => ways(app, state),
  );
  const node = h("div", { class: "past", hidden: true }, log.node, foot);
  return {
    node,
    update(state) {
      node.hidden = !state.past;
      if (state.past) log.update({ ...NOTHING, ...state.past, config: state.config });
      showFoot(state);
    },
  };
}

/** How a chat that is read can go on: as a whole, or one of its topics. */
function ways(app: App, state: State): readonly Child[] {
  const { past, config } = state;
  const { chat, words } = app;
  if (!past) return [];
  const go = async (act: () => Promise<void>) => {
    await act();
    if (chat.getState().problem) return;
    await chat.openEarlier(null);
    app.change({ page: "chat" });
  };
  const resume = button(words.say("resume"), () => void go(() => chat.resume()), "main");
  const topics = (config?.threads ?? "off") === "off" ? [] : past.session.threads.filter(isNamed);
  return [
    canResume(state, app.now()) && resume,
    ...topics.map((thread) =>
      button(
        words.say("topic_continue", { title: titleOf(thread, words) }),
        () => void go(() => chat.continueThread(thread.id, past.session.id)),
      ),
    ),
  ];
}

// A human is offered, is on the way, or does not come yet.

import type { State } from "../../client/state";
import type { QueueChoice } from "../../client/wire";
import type { App, View } from "../app";
import { type Child, h, place } from "../dom";
import { durationOf } from "../formats";
import { avatar } from "./avatar";
import { button } from "./buttons";

export function offers(app: App): View {
  const node = h("div", { class: "offer" });
  const show = place<State>(
    node,
    ({ session, humanOffered, queueOffer }) => [
      session?.phase,
      session?.floor,
      humanOffered,
      queueOffer,
      app.ui.declined,
    ],
    (state) => content(app, state),
  );
  return { node, update: show };
}

function content(app: App, { session, humanOffered, queueOffer }: State): readonly Child[] {
  const { words, chat } = app;
  if (session?.phase !== "open") return [];
  if (queueOffer) {
    const time = durationOf(words, queueOffer.waitedSeconds);
    const choices = queueOffer.choices.map((choice, at) => queueButton(app, choice, at === 0));
    return [h("p", {}, words.say("queue_offer", { time })), h("div", { class: "choices" }, ...choices)];
  }
  if (session.floor === "queue") return [awaited(app)];
  if (!humanOffered || humanOffered === app.ui.declined || session.floor !== "bot") return [];
  const yes = button(words.say("human_yes"), () => void chat.askHuman(), "main");
  const no = button(words.say("human_no"), () => app.change({ declined: humanOffered }));
  return [h("p", {}, words.say("human_offer")), h("div", { class: "choices" }, yes, no)];
}

function awaited({ words }: App): HTMLElement {
  const said = h("p", {}, h("b", {}, words.say("queue_place")), " ", words.say("queue_place_more"));
  return h("div", { class: "awaited" }, avatar("agent", null), said);
}

function queueButton({ chat, words }: App, choice: QueueChoice, isFirst: boolean): HTMLElement {
  return button(words.say(`queue_${choice}`), () => void chat.answerQueue(choice), isFirst ? "main" : "quiet");
}

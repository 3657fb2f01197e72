// What happened, in the visitor's words.

import type { Notice, Told } from "../client/items";
import type { State } from "../client/state";
import { type App, nameOf } from "./app";

type Sentences = {
  readonly [Type in Told["type"]]?: (event: Extract<Told, { type: Type }>, app: App, state: State) => string;
};

const SENTENCES: Sentences = {
  session_closed: ({ reason }, { words }, { session }) =>
    words.say(`ended_${reason}`, { name: session?.agent_name ?? words.say("agent") }),
  session_resumed: (_, { words }) => words.say("resumed"),
  floor_changed: ({ floor, reason, agent_name }, app, state) => {
    const name = nameOf(app, state, "agent", agent_name ?? null);
    if (floor === "agent") return app.words.say("joined", { name });
    if (floor === "bot") return app.words.say("bot_again");
    return app.words.say(reason === "agent_silent" ? "left_to_queue" : "queued", { name });
  },
  limit_reached: (_, { words }) => words.say("limit_reached"),
  queue_choice_made: ({ choice }, { words }) => (choice === "leave_message" ? words.say("message_left") : ""),
  turn_failed: (_, { words }) => words.say("turn_failed"),
  turn_superseded: ({ reason }, { words }) => words.say(reason === "handoff" ? "turn_cut_off" : "turn_stopped"),
  thread_started: ({ title, topic }, { words }) => words.say("thread_new", { title: titled(title ?? topic, words) }),
  thread_changed: ({ thread }, { words }, state) => words.say("thread_now", { title: threadOf(thread, state, words) }),
  thread_resolved: ({ thread }, { words }, state) =>
    words.say("thread_done", { title: threadOf(thread, state, words) }),
};

/** The sentence for a notice; empty where the visitor need not be told. */
export function sentence(notice: Notice, app: App, state: State): string {
  const { event } = notice;
  if (event.type.startsWith("thread") && (state.config?.threads ?? "off") === "off") return "";
  const say = SENTENCES[event.type] as ((event: Told, app: App, state: State) => string) | undefined;
  return say?.(event, app, state) ?? "";
}

/** Whether the bot has said itself what went wrong: then only what can be done about it is left to show. */
export function isExcused({ event, seq }: Notice, { items }: State): boolean {
  const before = items.filter((item) => item.kind !== "notice" && item.seq < seq).at(-1);
  return event.type === "turn_failed" && before?.kind === "message" && before.by === "bot";
}

/** Whether the answer that did not come can be asked for again. */
export function canAskAgain({ event }: Notice): boolean {
  return event.type === "turn_failed" || event.type === "turn_superseded";
}

function threadOf(id: string, { session }: State, words: App["words"]): string {
  const thread = session?.threads.find((each) => each.id === id);
  return titled(thread?.title ?? thread?.topic, words);
}

function titled(title: string | null | undefined, words: App["words"]): string {
  return title || words.say("thread_untitled");
}

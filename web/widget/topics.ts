// Several topics in one chat: which message is about which, and which topics of earlier chats can go on.

import type { Item } from "../client/items";
import type { State } from "../client/state";
import type { ThreadView } from "../client/wire";
import type { Words } from "./words";

/** The ones before these are found in the earlier chats themselves. */
export const EARLIER_TOPICS_MAX = 6;

/** A topic of an earlier chat, and where it was last. */
export interface EarlierTopic {
  readonly thread: ThreadView;
  readonly session: string;
}

export function titleOf({ title, topic }: ThreadView, words: Words): string {
  return title || topic || words.say("thread_untitled");
}

/** What has no name cannot be told from others. */
export function isNamed({ title, topic }: ThreadView): boolean {
  return !!(title || topic);
}

/** Whether somebody may want to see the messages of one topic alone. */
export function isMixed({ items }: State): boolean {
  return new Set(items.flatMap((item) => (item.kind === "message" ? [item.thread] : []))).size > 1;
}

/** The chat without what is about other topics than the current one. */
export function ofCurrentTopic(state: State): State {
  const current = state.session?.threads.find((thread) => thread.current)?.id;
  return current ? { ...state, items: state.items.filter((item) => isAbout(item, current)) } : state;
}

function isAbout(item: Item, thread: string): boolean {
  if (item.kind === "message") return item.thread === thread;
  return item.kind === "removed" || !("thread" in item.event) || item.event.thread === thread;
}

/** The named topics of earlier chats that this one does not have, those of the newest chat first. */
export function earlierTopics({ earlier, session }: State): EarlierTopic[] {
  const known = new Set(session?.threads.map(({ id }) => id));
  const found: EarlierTopic[] = [];
  for (const chat of earlier ?? []) {
    for (const thread of chat.threads) {
      if (known.has(thread.id) || !isNamed(thread)) continue;
      known.add(thread.id);
      found.push({ thread, session: chat.id });
    }
  }
  return found.slice(0, EARLIER_TOPICS_MAX);
}

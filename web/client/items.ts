// What stands in a chat: what was said, what happened, and what is on its way there.

import type { AuthorKind, Json, Problem, SessionEvent, Source } from "./wire";

/** One part of a message beside its text: quick replies, a form, a file. */
export type MessagePart = Readonly<Record<string, Json>>;

/** Something somebody said. `key` stays the same from the first keystroke's copy to the stored message. */
export interface Message {
  readonly kind: "message";
  readonly key: string;
  readonly seq: number;
  readonly at: string;
  readonly by: AuthorKind;
  readonly name: string | null;
  readonly text: string;
  readonly thread: string | null;
  readonly clientId: string | null;
  readonly parts: readonly MessagePart[];
  readonly sources: readonly Source[];
  readonly leftMessage: boolean;
}

/** The events a visitor is told in one line. */
export type Told = Extract<
  SessionEvent,
  {
    type:
      | "session_opened"
      | "session_closed"
      | "session_resumed"
      | "floor_changed"
      | "human_offered"
      | "limit_reached"
      | "queue_choice_made"
      | "turn_failed"
      | "turn_superseded"
      | "thread_started"
      | "thread_changed"
      | "thread_resolved";
  }
>;

/** A line between the messages: what happened; the view finds the words. */
export interface Notice {
  readonly kind: "notice";
  readonly key: string;
  readonly seq: number;
  readonly at: string;
  readonly event: Told;
}

/** A place where a message was taken out. */
export interface Removed {
  readonly kind: "removed";
  readonly key: string;
  readonly seq: number;
  readonly at: string;
  readonly by: AuthorKind | null;
}

export type Item = Message | Notice | Removed;

/**
 * A message that is not in the list yet. `held`: the session closed meanwhile, and the visitor decides where it goes;
 * `accepted`: stored at `seq`, its echo is on the way.
 */
export interface Pending {
  readonly clientId: string;
  readonly text: string;
  readonly parts: readonly MessagePart[];
  readonly thread: string | null;
  readonly page: string | null;
  readonly at: number;
  /** The session it was written in; null for one that opens with it. */
  readonly session: string | null;
  readonly status: "queued" | "sending" | "accepted" | "held" | "failed";
  readonly seq: number | null;
  readonly problem: Problem | null;
}

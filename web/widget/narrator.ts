// What of the news is said aloud: that an answer has begun, and every finished message once, as plain text.

import type { Message } from "../client/items";
import type { State } from "../client/state";
import { type App, nameOf } from "./app";
import { enTalk } from "./locale/en-talk";
import { isExcused, sentence } from "./notices";
import { plain } from "./plain";

/** An answer that is there sooner need not be announced. */
export const ANSWERING_MS = 1_000;

export class Narrator {
  /** Up to here everything was said, or was there before. */
  #saidTo = 0;
  #session: string | null = null;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly app: App) {
    app.words.learn(enTalk);
    app.until(() => clearTimeout(this.#timer));
  }

  hear(state: State): void {
    if (state.session?.id !== this.#session) this.#begin(state);
    this.#announceAnswer(state);
    if (state.head <= this.#saidTo) return;
    for (const item of state.items) {
      if (item.seq <= this.#saidTo) continue;
      if (item.kind === "message") this.#message(item, state);
      else if (item.kind === "notice" && !isExcused(item, state)) this.#say(sentence(item, this.app, state));
    }
    this.#saidTo = state.head;
  }

  /** What was there before is there to be read, not to be heard: all that the server knew of when we came. */
  #begin({ session, known }: State): void {
    if (!session) this.app.announcer.hush();
    this.#saidTo = known;
    this.#session = session?.id ?? null;
    this.#turn = 0;
  }

  #message(message: Message, state: State): void {
    if (message.by === "visitor") return;
    const name = nameOf(this.app, state, message.by, message.name);
    this.#say(this.app.isShown ? this.#whole(message, name) : this.app.words.say("new_from", { name }));
  }

  #whole({ sources, text }: Message, name: string): string {
    const count = sources.length;
    return [`${name}:`, plain(text), count && this.app.words.say("sources", { count })].filter(Boolean).join("\n");
  }

  #announceAnswer({ writing, session }: State): void {
    if (writing?.turn === this.#turn) return;
    clearTimeout(this.#timer);
    if (!writing) return;
    this.#turn = writing.turn;
    this.#timer = setTimeout(() => {
      const state = this.app.chat.getState();
      const isStill = state.writing?.turn === writing.turn && state.session?.id === session?.id;
      if (isStill && this.app.isShown)
        this.#say(this.app.words.say("answering", { name: nameOf(this.app, state, "bot") }));
    }, ANSWERING_MS);
  }

  #say(text: string): void {
    if (text) this.app.announcer.say(text);
  }
}

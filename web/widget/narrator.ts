// What of the news is said aloud: that an answer has begun, and every finished message once, as plain text.

import type { Message, State } from "../client/state";
import { type App, nameOf } from "./app";
import { plain } from "./markdown";
import { sentence } from "./notices";

/** An answer that is there sooner need not be announced. */
export const ANSWERING_MS = 1_000;

export class Narrator {
  /** Up to here everything was said, or was there before. */
  #saidTo = 0;
  #session: string | null = null;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly app: App) {}

  hear(state: State): void {
    if (state.session?.id !== this.#session || state.head < this.#saidTo) this.#begin(state);
    this.#announceAnswer(state);
    for (const item of state.items) {
      if (item.seq <= this.#saidTo) continue;
      if (item.kind === "message") this.#message(item, state);
      else if (item.kind === "notice") this.#say(sentence(item, this.app, state));
    }
    this.#saidTo = Math.max(this.#saidTo, state.head);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** What was there before is there to be read, not to be heard: all that the server knew of when we came. */
  #begin({ session, known }: State): void {
    this.#saidTo = this.#session === null && session && known <= 2 ? 0 : known;
    this.#session = session?.id ?? null;
    this.#turn = 0;
  }

  #message(message: Message, state: State): void {
    if (message.by === "visitor") return;
    const name = nameOf(this.app, state, message.by, message.name);
    if (!this.app.ui.isOpen) return this.#say(this.app.words.say("new_from", { name }));
    const sources = message.sources.length ? this.app.words.say("sources", { count: message.sources.length }) : "";
    this.#say([`${name}:`, plain(message.text), sources].filter(Boolean).join("\n"));
  }

  #announceAnswer({ writing, session }: State): void {
    if (!writing) return clearTimeout(this.#timer);
    if (writing.turn === this.#turn) return;
    this.#turn = writing.turn;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const state = this.app.chat.getState();
      const isStill = state.writing?.turn === writing.turn && state.session?.id === session?.id;
      if (isStill && this.app.ui.isOpen)
        this.#say(this.app.words.say("answering", { name: nameOf(this.app, state, "bot") }));
    }, ANSWERING_MS);
  }

  #say(text: string): void {
    if (text) this.app.announcer.say(text);
  }
}

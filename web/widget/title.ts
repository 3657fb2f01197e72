// A mark before the page's title while something waits that nobody sees. It does not flash.

import type { Chat } from "../client/state";

/** A number of unread messages, "!" where a chat is about to close, or nothing. */
export type Mark = number | "!" | null;

interface Source {
  readonly chat: Chat;
}

/** The one mark there is for all widgets of a page. */
export class Title {
  readonly #marks = new Map<Source, Mark>();
  /** What of the title is ours: the page may begin it with a number itself. */
  #ours = "";

  /** Say what waits in one widget; undefined once it is gone. */
  mark(source: Source, mark: Mark | undefined): void {
    if (mark === undefined) this.#marks.delete(source);
    else this.#marks.set(source, mark);
    this.#show(this.#sum());
  }

  #sum(): Mark {
    // Several widgets may show one chat: what is seen in one of them is seen, and nothing counts twice.
    const byChat = new Map<Chat, Mark>();
    for (const [{ chat }, mark] of this.#marks) if (byChat.get(chat) !== null) byChat.set(chat, mark);
    const marks = [...byChat.values()];
    const unread = marks.reduce<number>((sum, mark) => sum + (typeof mark === "number" ? mark : 0), 0);
    return unread || (marks.includes("!") ? "!" : null);
  }

  #show(mark: Mark): void {
    const { title } = document;
    const bare = title.startsWith(this.#ours) ? title.slice(this.#ours.length) : title;
    this.#ours = mark ? `(${mark}) ` : "";
    if (title !== this.#ours + bare) document.title = this.#ours + bare;
  }
}

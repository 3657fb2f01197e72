// What the views of one widget share: the chat, the words, what is open, and the voice.

import type { Chat, State } from "../client/state";
import type { AuthorKind } from "../client/wire";
import type { Announcer } from "./announcer";
import type { Words } from "./words";

export type Mode = "float" | "inline" | "page";
export type Page = "chat" | "earlier" | "memory" | "elsewhere";

/** What only this tab knows. */
export interface Ui {
  readonly isOpen: boolean;
  /** Whether the panel covers the whole screen. */
  readonly isFull: boolean;
  readonly isMenuOpen: boolean;
  readonly page: Page;
  /** The offer of a human that was declined. */
  readonly declined: string | null;
  readonly hasAgreed: boolean;
  /** A new topic is being named. */
  readonly isNaming: boolean;
  /** Of the link that the page was opened with. */
  readonly secret: string | null;
  /** An earlier chat is being looked for. */
  readonly isReturning: boolean;
  /** The panel is wanted and cannot be fetched. */
  readonly isAway: boolean;
}

export const UNTOUCHED: Ui = {
  isOpen: false,
  isFull: false,
  isMenuOpen: false,
  page: "chat",
  declined: null,
  hasAgreed: false,
  isNaming: false,
  secret: null,
  isReturning: false,
  isAway: false,
};

export interface App {
  readonly chat: Chat;
  readonly mode: Mode;
  readonly inbox: string;
  readonly announcer: Announcer;
  readonly words: Words;
  readonly ui: Ui;
  /** Whether the chat can be read on the page now. */
  readonly isShown: boolean;
  /** This machine's time. */
  now(): number;
  /** Change what only this tab knows, and draw it. */
  change(ui: Partial<Ui>): void;
  /** Open or close the panel; focus follows, where it was the visitor's wish. */
  toggle(isOpen: boolean): void;
  agree(): void;
  /** Somebody is about to open the panel: have it here by then. */
  prepare(): void;
  redraw(): void;
  /** Call this once nothing is drawn any more in this language, or at all. */
  until(stop: () => void): void;
  /** Show the styles of a part that came later. */
  adopt(css: string): void;
}

export interface View {
  readonly node: HTMLElement;
  update(state: State): void;
}

/** What somebody is called. */
export function nameOf({ words }: App, { config }: State, by: AuthorKind, name: string | null = null): string {
  if (by === "visitor") return words.say("you");
  return (by === "bot" ? config?.bot_name : name) || words.say(by);
}

/** Whether the visitor has to agree to something before the first message. */
export function needsConsent(app: App, { config, session }: State): boolean {
  return !!config?.consent && !app.ui.hasAgreed && !session;
}

/** Whether nothing was said yet, as far as anybody knows. */
export function isEmpty({ session, items, pending }: State): boolean {
  return !session && !items.length && !pending.length;
}

/** Whether something else is looked at than the chat. */
export function isElsewhere({ ui }: App, { past }: State): boolean {
  return ui.page !== "chat" || !!past;
}

/** Whether the chat is about to close. */
export function isWarned({ session }: State): boolean {
  return session?.phase === "open" && !!session.warned_at && !!session.closes_at;
}

/** Whether the chat ended. */
export function isOver({ session }: State): boolean {
  return !!session && session.phase !== "open";
}

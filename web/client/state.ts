// What the client knows, as plain data, and what can be asked of it: the contract between client and views.

import type { Browser } from "./browser";
import type { Item, Message, MessagePart, Pending } from "./items";
import type { AuthorKind, Json, Part, Problem, QueueChoice, SessionView, VisitorGranted, WidgetConfig } from "./wire";

export type { WidgetConfig };

/** The answer that is being written; `working` says what the bot is busy with. */
export interface Writing {
  readonly turn: number;
  readonly attempt: number;
  readonly text: string;
  readonly working: string | null;
  /** How many Unicode characters `text` has: the server's offsets count those. */
  readonly chars: number;
  /** A piece is missing: the text waits for the whole of it. */
  readonly isBroken: boolean;
}

/** Somebody else is writing, until this instant of the server's clock. */
export interface Typing {
  readonly by: AuthorKind;
  readonly name: string | null;
  readonly untilMs: number;
}

/** The question of the queue that waits for an answer. */
export interface QueueOffer {
  readonly offer: number;
  readonly waitedSeconds: number;
  readonly choices: readonly QueueChoice[];
}

/** What the visitor said of this period; the last word of each kind. */
export interface Rating {
  readonly period: number;
  readonly part: Part;
  readonly score: number | null;
  readonly solved: boolean | null;
  readonly comment: string | null;
}

export type Link = "idle" | "connecting" | "online" | "reconnecting" | "offline" | "refused";

/** Who the visitor is, as far as anybody knows; null before the first interaction. */
export type Who = Omit<VisitorGranted, "token">;

/** An earlier chat that is open to be read. */
export interface Past {
  readonly session: SessionView;
  readonly items: readonly Item[];
}

/** What was asked for, and why it could not be had. */
export interface Trouble extends Problem {
  readonly act: Act;
}

export type Act = Exclude<
  keyof Chat,
  "getState" | "subscribe" | "typing" | "setDraft" | "read" | "retry" | "discard" | "destroy"
>;

/** Everything a view needs, frozen; only `reduce` makes the next one. */
export interface State {
  /** Whose screen this is: one's own messages are not news. */
  readonly me: AuthorKind;
  readonly who: Who | null;
  /** The session as the server sees it, kept up to date by its events; null before the first message. */
  readonly session: SessionView | null;
  /** A session is being opened. */
  readonly isStarting: boolean;
  /** Messages and notices in the order of the list. */
  readonly items: readonly Item[];
  /** What was written and is not in the list yet, oldest first. */
  readonly pending: readonly Pending[];
  readonly writing: Writing | null;
  readonly typing: Typing | null;
  /** Why a human is offered, until the offer is taken up or overtaken. */
  readonly humanOffered: string | null;
  readonly queueOffer: QueueOffer | null;
  /** The last seq that was taken in, without a gap before it. */
  readonly head: number;
  /** The last seq that is known to exist; above `head` while news are on their way. */
  readonly known: number;
  /** The last turn that is over: what still comes of it is not shown. */
  readonly turnOver: number;
  readonly link: Link;
  readonly storage: "ok" | "memory";
  /** The server's clock minus this machine's. */
  readonly skewMs: number;
  /** Messages of others after `readTo`. */
  readonly unread: number;
  readonly readTo: number;
  /** Up to where somebody of the service has read; what was read before this page was opened is not known. */
  readonly seenTo: number;
  readonly draft: string;
  /** Earlier chats, newest first; null until somebody asked. */
  readonly earlier: readonly SessionView[] | null;
  readonly past: Past | null;
  readonly rating: Rating | null;
  readonly problem: Trouble | null;
  readonly config: WidgetConfig | null;
}

export interface SendOptions {
  readonly parts?: readonly MessagePart[];
  readonly thread?: string;
}

export interface Verdict {
  readonly score?: number;
  readonly solved?: boolean;
  readonly comment?: string;
  readonly part?: Part;
}

/** A signed identity, or how to get a fresh one. */
export type Proof = string | (() => Promise<string>);

export interface ChatOptions {
  readonly inbox: string;
  /** Where the server is: "https://chat.example". */
  readonly origin: string;
  /** What is known of the page, sent along with an opening. */
  readonly metadata?: () => Readonly<Record<string, Json>>;
  /** Where there is none, somebody else has to be it. */
  readonly browser?: Browser;
}

/** One chat in one inbox, shared by all tabs of the browser. Acts never throw: what went wrong is `state.problem`. */
export interface Chat {
  getState(): State;
  /** Call with every new state; the returned function ends that. */
  subscribe(listener: (state: State) => void): () => void;

  /** Look for what this browser remembers and connect to it; opens nothing. Call on the visitor's first interaction. */
  start(): Promise<void>;
  send(text: string, options?: SendOptions): Promise<void>;
  /** Send a message again that failed or is held; a held one goes into a resumed or new session. */
  retry(clientId: string): void;
  discard(clientId: string): void;
  typing(): void;
  setDraft(text: string): void;
  /** Everything up to the end has been seen. */
  read(): void;

  keepOpen(): Promise<void>;
  close(): Promise<void>;
  resume(): Promise<void>;
  startNew(): Promise<void>;
  stop(): Promise<void>;
  retryTurn(): Promise<void>;
  rate(verdict: Verdict): Promise<void>;
  askHuman(note?: string): Promise<void>;
  answerQueue(choice: QueueChoice): Promise<void>;
  chooseThread(thread: string): Promise<void>;
  startThread(title?: string): Promise<void>;
  /** Let a thread of that earlier session go on here; where no session is open, in the one that the visitor comes into. */
  continueThread(thread: string, from: string): Promise<void>;

  listEarlier(): Promise<void>;
  /** Show an earlier chat in `state.past`; null goes back to the present one. */
  openEarlier(session: string | null): Promise<void>;
  /** Read anew what is remembered of the visitor (`state.session.context`). */
  remember(): Promise<void>;
  forget(keys: readonly string[]): Promise<void>;
  setContext(patch: Readonly<Record<string, Json>>): Promise<void>;

  /** Bring a file to the session, to be sent as a part; where none is open, one opens. Null where it was refused. */
  upload(file: Blob & { readonly name: string }): Promise<MessagePart | null>;
  /** The content of a file that was sent in this chat. */
  download(file: string): Promise<Blob | null>;
  downloadTranscript(): Promise<Blob | null>;

  /** A secret for a link that lets this visitor go on elsewhere, once and soon; null where there is none. */
  linkElsewhere(): Promise<string | null>;
  /** Go on with the chat of such a link; whoever was here leaves. */
  comeByLink(secret: string): Promise<void>;
  identify(proof: Proof): Promise<void>;
  logout(): Promise<void>;
  destroy(): void;
}

export function isMine(state: State, message: Message): boolean {
  return message.by === state.me;
}

export const NOTHING: State = Object.freeze({
  me: "visitor",
  who: null,
  session: null,
  isStarting: false,
  items: [],
  pending: [],
  writing: null,
  typing: null,
  humanOffered: null,
  queueOffer: null,
  head: 0,
  known: 0,
  turnOver: 0,
  link: "idle",
  storage: "ok",
  skewMs: 0,
  unread: 0,
  readTo: 0,
  seenTo: 0,
  draft: "",
  earlier: null,
  past: null,
  rating: null,
  problem: null,
  config: null,
});

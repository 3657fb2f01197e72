// What a page can say about the widget it embeds.

import type { Proof } from "../client/state";
import type { Json } from "../client/wire";
import type { Mode } from "./app";
import type { Scheme } from "./theme";

export interface Options {
  /** Which inbox the visitors write to. */
  readonly inbox: string;
  /** Where the server is; the one that served the script unless said otherwise. */
  readonly origin?: string;
  readonly mode?: Mode;
  /** The language, as in `lang`; else the page's, else the browser's. */
  readonly locale?: string;
  readonly theme?: Scheme;
  /** The one accent colour; what is written on it is found by itself. */
  readonly primary?: string;
  /** What the launcher is called until the widget is there. */
  readonly label?: string;
  /** "off": the back button leaves the page even while the chat covers the screen of a phone. */
  readonly history?: "on" | "off";
  /** Kept with the sessions that begin here. */
  readonly metadata?: Readonly<Record<string, Json>>;
  /** Who the visitor is, signed by the page's server. */
  readonly identity?: Proof;
}

/** One call of the page's API, perhaps from before the widget was there. */
export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
  /** Which inbox is meant; the first one on the page unless said otherwise. */
  readonly inbox: string | null;
  /** Nobody waits for what came of a press. */
  done?(value: unknown): void;
  failed?(why: unknown): void;
}

/** A place the loader made for a widget. */
export interface Painted {
  readonly options: Options;
  readonly host: HTMLElement;
}

export const TAG = "chat-session";

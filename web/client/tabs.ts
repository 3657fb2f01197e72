// What the tabs of one browser tell each other.

import type { Browser, Channel } from "./browser";
import type { News } from "./reduce";
import type { Link } from "./state";
import type { SessionView } from "./wire";

export type TabNews =
  /** Something happened in a session; whoever shows another one is not meant. */
  | { readonly kind: "news"; readonly session: string | null; readonly news: News }
  /** All tabs show this session from now on. */
  | { readonly kind: "entered"; readonly session: SessionView }
  /** The leader is alive, and how its stream is. */
  | { readonly kind: "beat"; readonly link: Link }
  /** A newcomer wants to see what is being written. */
  | { readonly kind: "whole" }
  /** Who was here is gone; nothing of them may stay on a screen. */
  | { readonly kind: "left" }
  /** Somebody is known now: the storage says who. */
  | { readonly kind: "came" };

export class Tabs {
  readonly #channel: Channel | null;

  constructor(browser: Browser, name: string, onNews: (news: TabNews) => void) {
    this.#channel = browser.channel(name);
    if (this.#channel) this.#channel.onmessage = ({ data }) => onNews(data as TabNews);
  }

  tell(news: TabNews): void {
    this.#channel?.postMessage(news);
  }

  close(): void {
    this.#channel?.close();
  }
}

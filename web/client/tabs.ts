// What the tabs of one browser tell each other.

import type { Browser, Channel } from "./browser";
import type { News } from "./reduce";
import type { Link } from "./state";
import type { SessionView } from "./wire";

export type TabNews =
  /** Something happened in a session; whoever shows another one is not meant. */
  | { readonly kind: "news"; readonly session: string | undefined; readonly news: News }
  /** All tabs show this session from now on. */
  | { readonly kind: "entered"; readonly session: SessionView }
  /** The leader is alive, and how its stream is. */
  | { readonly kind: "beat"; readonly link: Link }
  /** A newcomer wants to see what is being written. */
  | { readonly kind: "whole" }
  /** Somebody came or left: the storage says who is here now. */
  | { readonly kind: "changed" };

export class Tabs {
  #channel: Channel | null = null;
  #stops: readonly (() => void)[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly name: string,
  ) {}

  /** Talk and listen from now on; not while the page is put away: a word to it would end its stay in the cache. */
  connect(onNews: (news: TabNews) => void): void {
    const open = () => {
      this.#channel ??= this.browser.channel(this.name);
      if (this.#channel) this.#channel.onmessage = ({ data }) => onNews(data as TabNews);
    };
    open();
    this.#stops = [this.browser.on("pagehide", () => this.#shut()), this.browser.on("pageshow", open)];
  }

  tell(news: TabNews): void {
    this.#channel?.postMessage(news);
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#shut();
  }

  #shut(): void {
    this.#channel?.close();
    this.#channel = null;
  }
}

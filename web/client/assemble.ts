// The parts of one chat, and which of them knows which.

import { Api } from "./api";
import { type Browser, thisBrowser } from "./browser";
import { Calls } from "./calls";
import { exclusive } from "./exclusive";
import { Following, type Ground } from "./following";
import { Identity } from "./identity";
import { Outbox } from "./outbox";
import { Screen } from "./screen";
import { Sending } from "./sending";
import { Stay } from "./stay";
import { Shelf } from "./storage";
import { Tabs } from "./tabs";
import { TypingSigns } from "./typing";
import type { Json } from "./wire";

export interface ChatOptions {
  readonly inbox: string;
  /** Where the server is: "https://chat.example". */
  readonly origin: string;
  /** What is known of the page, sent along with an opening. */
  readonly metadata?: () => Readonly<Record<string, Json>>;
  readonly browser?: Partial<Browser>;
}

export interface Parts {
  readonly browser: Browser;
  readonly screen: Screen;
  readonly shelf: Shelf;
  readonly calls: Calls;
  readonly identity: Identity;
  readonly following: Following;
  readonly sending: Sending;
  readonly stay: Stay;
  readonly typing: TypingSigns;
  /** Talk with the other tabs from now on. */
  connect(): void;
  disconnect(): void;
}

export function assemble({ inbox: name, origin, metadata = () => ({}), browser: given }: ChatOptions): Parts {
  const browser = { ...thisBrowser(), ...given };
  const prefix = `cs:${name}:`;
  const inbox = encodeURIComponent(name);
  const exclusively = exclusive(browser, prefix);
  let tabs: Tabs | null = null;
  const screen = new Screen(() => tabs, browser.now);
  const shelf = new Shelf(prefix, browser.storage, () => screen.set({ storage: "memory" }));
  const outbox = new Outbox(shelf, browser.now);
  const api = new Api(browser, origin);
  const identity = new Identity(api, browser, shelf, exclusively, inbox, (here) => stay.left(here));
  const calls = new Calls(api, identity, () => stay.unknown());
  const ground: Ground = { browser, screen, calls, identity, tabs: () => tabs, origin, name: prefix };
  const stay = new Stay(ground, shelf, outbox, exclusively, inbox);
  const following = new Following(ground, (problem) => void stay.over(problem));
  const onEntered = stay.enter.bind(stay);
  const sending = new Sending({ ground, shelf, outbox, exclusively, inbox, metadata, onEntered });
  stay.attend(following, sending);
  const typing = new TypingSigns(ground);
  const connect = () => {
    tabs = new Tabs(browser, prefix, (news) => stay.heard(news));
  };
  const disconnect = () => tabs?.close();
  return { browser, screen, shelf, calls, identity, following, sending, stay, typing, connect, disconnect };
}

// The parts of one chat, and which of them knows which.

import { asking } from "./api";
import { thisBrowser } from "./browser";
import { Calls } from "./calls";
import { exclusive } from "./exclusive";
import { Following } from "./following";
import type { Ground } from "./ground";
import { Identity } from "./identity";
import { Outbox } from "./outbox";
import { Rules } from "./rules";
import { Screen } from "./screen";
import { Sending } from "./sending";
import type { ChatOptions } from "./state";
import { Stay } from "./stay";
import { Shelf } from "./storage";
import { Tabs } from "./tabs";
import { TypingSigns } from "./typing";

export interface Parts {
  readonly ground: Ground;
  readonly following: Following;
  readonly rules: Rules;
  readonly sending: Sending;
  readonly stay: Stay;
  readonly typing: TypingSigns;
}

export function assemble({ inbox: name, origin, metadata = () => ({}), browser = thisBrowser() }: ChatOptions): Parts {
  const prefix = `cs:${name}:`;
  const inbox = encodeURIComponent(name);
  const exclusively = exclusive(browser, prefix);
  const tabs = new Tabs(browser, prefix);
  const screen = new Screen(tabs, browser.now);
  const shelf = new Shelf(prefix, browser.storage, () => screen.set({ storage: "memory" }));
  const outbox = new Outbox(shelf, browser.now);
  const ask = asking(browser, origin);
  const identity = new Identity(ask, browser, shelf, exclusively, inbox, (here) => stay.left(here));
  const calls = new Calls(ask, identity, () => stay.unknown());
  const ground: Ground = { browser, screen, shelf, calls, identity, tabs, origin, prefix };
  const stay = new Stay({ ground, outbox, following: () => following, sending: () => sending });
  const following = new Following(ground, (why, token) => void stay.over(why, token));
  const onEntered = stay.enter.bind(stay);
  const sending = new Sending({ ground, outbox, exclusively, inbox, metadata, onEntered });
  const rules = new Rules(ground, inbox);
  return { ground, following, rules, sending, stay, typing: new TypingSigns(ground) };
}

// What every part of the client stands on.

import type { Browser } from "./browser";
import type { Calls } from "./calls";
import type { Identity } from "./identity";
import type { Screen } from "./screen";
import type { Shelf } from "./storage";
import type { Tabs } from "./tabs";

export interface Ground {
  readonly browser: Browser;
  readonly screen: Screen;
  readonly calls: Calls;
  readonly identity: Identity;
  readonly shelf: Shelf;
  readonly tabs: Tabs;
  readonly origin: string;
  /** What the names of our locks begin with. */
  readonly prefix: string;
}

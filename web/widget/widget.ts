// The widget as the loader fetches it. A loader of another version may call `begin` too: it stays as it is.

import { eventually } from "./eventually";
import { fetchPageSide } from "./lazy-parts";
import type { Call } from "./options";
import { Registry } from "./registry";

/** Take over from the loader: the calls so far, and every later one. */
export function begin(origin: string, calls: readonly Call[]): (call: Call) => void {
  const registry = new Registry(origin);
  for (const call of calls) registry.take(call);
  // Most pages have a launcher alone: the element is for those that have a chat within.
  eventually(fetchPageSide, ({ define }) => define(registry));
  return registry.take;
}

// The widget as the loader fetches it. A loader of another version may call `begin` too: it stays as it is.

import type { Call } from "./options";
import { Registry } from "./registry";

const PAUSE_MS = 2_000;

/** Take over from the loader: the calls so far, and every later one. */
export function begin(origin: string, calls: readonly Call[]): (call: Call) => void {
  const registry = new Registry(origin);
  for (const call of calls) registry.take(call);
  define(registry);
  return registry.take;
}

/** Most pages have a launcher alone: the element is for those that have a chat within. */
function define(registry: Registry): void {
  import("./element").then(
    (element) => element.define(registry),
    () => setTimeout(define, PAUSE_MS, registry),
  );
}

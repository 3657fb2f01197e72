// The widget as the loader fetches it.

import { define } from "./element";
import type { Call } from "./options";
import { Registry } from "./registry";

/** Take over from the loader: the calls so far, and every later one. */
export function begin(origin: string, calls: readonly Call[]): (call: Call) => void {
  const registry = new Registry(origin);
  for (const call of calls) registry.take(call);
  define(registry);
  return registry.take;
}

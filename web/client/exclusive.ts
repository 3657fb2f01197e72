// One at a time over all tabs; where there are no locks, over this one: the server takes the same request twice.

import type { Browser } from "./browser";

export type Exclusively = <Value>(name: string, work: () => Promise<Value>) => Promise<Value>;

export function exclusive(browser: Browser, prefix: string): Exclusively {
  const last = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const { locks } = browser;
    if (locks) return locked(browser, locks, prefix + name, work);
    const turn = (last.get(name) ?? Promise.resolve()).then(work, work);
    last.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  };
}

/** A page that is put away lets go: one in the back/forward cache would keep the lock for ever. */
async function locked<Value>(
  browser: Browser,
  locks: NonNullable<Browser["locks"]>,
  name: string,
  work: () => Promise<Value>,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    locks
      .request(name, {}, () => {
        const done = work();
        done.then(resolve, reject);
        return new Promise<void>((release) => {
          const stop = browser.on("pagehide", () => release());
          done
            .catch(() => undefined)
            .finally(() => {
              stop();
              release();
            });
        });
      })
      .catch(reject);
  });
}

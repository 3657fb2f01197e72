// Parts that nobody sees missing.

import { PAUSE_MS_MIN, pause } from "./pause";

/** Do something with a part as soon as it can be had; asked for again, less and less often, where it does not come. */
export function eventually<Part>(
  load: () => Promise<Part>,
  use: (part: Part) => void,
  onFailed: () => void = () => undefined,
  pauseMs = PAUSE_MS_MIN,
): void {
  load().then(use, async () => {
    onFailed();
    await pause(pauseMs);
    eventually(load, use, onFailed, 2 * pauseMs);
  });
}

// Parts that nobody sees missing.

const PAUSE_MS = 2_000;

/** Do something with a part as soon as it can be had; asked for again, less and less often, where it does not come. */
export function eventually<Part>(load: () => Promise<Part>, use: (part: Part) => void, pauseMs = PAUSE_MS): void {
  load().then(use, () => setTimeout(() => eventually(load, use, pauseMs * 2), pauseMs));
}

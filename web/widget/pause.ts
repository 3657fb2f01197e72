// Waiting for what cannot be had now.

export const PAUSE_MS_MIN = 2_000;
const PAUSE_MS_MAX = 60_000;

/** Wait about so long, so that not everybody comes back at once; no longer than until there is a network again. */
export function pause(wishedMs: number): Promise<unknown> {
  const ms = Math.min(wishedMs, PAUSE_MS_MAX) * ((1 + Math.random()) / 2);
  return new Promise((done) => {
    setTimeout(done, ms);
    addEventListener("online", done, { signal: AbortSignal.timeout(ms) });
  });
}

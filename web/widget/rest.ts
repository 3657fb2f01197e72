// Everything a chat may come to need, fetched while nobody waits for it: whoever opened a chat can go on in it without
// a connection, and when the server has become another one, which has other files.

const PARTS: readonly (() => Promise<unknown>)[] = [
  () => import("./commands"),
  () => import("./covering"),
  () => import("./elsewhere"),
  () => import("./news"),
  () => import("../client/following"),
  () => import("../client/rare"),
  () => import("./views/earlier"),
  () => import("./views/elsewhere"),
  () => import("./views/consent"),
  () => import("./views/ending"),
  () => import("./views/files"),
  () => import("./views/form"),
  () => import("./views/memory"),
  () => import("./views/menu"),
  () => import("./views/talk"),
  () => import("./views/topics"),
  () => import("./views/warning"),
];

/** Fetch what is not here yet, one after the other; what does not come is asked for again when it is needed. */
export async function fetchRest(): Promise<void> {
  for (const load of PARTS) {
    await new Promise((done) => (globalThis.requestIdleCallback ?? setTimeout)(done));
    await load().catch(() => undefined);
  }
}

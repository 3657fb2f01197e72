// Who chats from this browser. The shop is served from here too, so that what its chat keeps can be read.

import { Shelf } from "../client/storage";

const EVERY_INBOX = "cs:";
const VISITOR = ":v";

interface Kept {
  readonly who?: { readonly id?: string };
}

/** The ids of the visitors that the chats of this browser remember; none where nothing can be kept. */
export function visitorsHere(): readonly string[] {
  const shelf = new Shelf(
    EVERY_INBOX,
    () => localStorage,
    () => undefined,
  );
  const kept = shelf.keys("").filter((key) => key.endsWith(VISITOR));
  return kept.flatMap((key) => shelf.get<Kept>(key)?.who?.id ?? []);
}

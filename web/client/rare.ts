// What few visitors ever ask for: fetched when one does.

import type { Method } from "./api";
import type { Ground } from "./ground";
import { reduce } from "./reduce";
import { refresh } from "./refresh";
import type { Sending } from "./sending";
import { NOTHING } from "./state";
import type { EventList, FileAccepted, SessionList, SessionView } from "./wire";

/** Change something about the session, and look at it again. */
export async function change(ground: Ground, method: Method, path: string, body: object): Promise<void> {
  await ground.calls.call(method, path, body);
  await refresh(ground);
}

/** Send a file as a message of its own. */
export async function upload(
  { calls }: Ground,
  sending: Sending,
  path: string,
  file: Blob,
  name: string,
): Promise<void> {
  const { id } = await calls.post<FileAccepted>(`${path}/files?name=${encodeURIComponent(name)}`, file);
  sending.send("", { parts: [{ kind: "file", file: id }] });
}

/** Show the chats there were, newest first. */
export async function listEarlier({ calls, identity, screen }: Ground): Promise<void> {
  const list = identity.token ? await calls.get<SessionList>("/v1/visitors/me/sessions") : null;
  screen.set({ earlier: list?.sessions ?? [] });
}

/** Show an earlier chat from its beginning to its end. */
export async function openEarlier({ calls, screen }: Ground, path: string): Promise<void> {
  const nowMs = screen.now();
  const session = await calls.get<SessionView>(path);
  let state = reduce(NOTHING, { type: "viewed", session, nowMs });
  let after: number | null = 0;
  while (after !== null) {
    const page: EventList = await calls.get(`${path}/events?limit=500&after=${after}`);
    for (const event of page.events) state = reduce(state, { type: "event", event, nowMs });
    after = page.next;
  }
  screen.set({ past: { session, items: state.items } });
}

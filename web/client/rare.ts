// What few visitors ever ask for.

import type { Method } from "./api";
import type { Ground } from "./ground";
import type { MessagePart } from "./items";
import { reduce } from "./reduce";
import { refresh } from "./refresh";
import { NOTHING } from "./state";
import type { EventList, FileAccepted, SessionList, SessionView } from "./wire";

/** Change something about the session, and look at it again. */
export async function change(ground: Ground, method: Method, path: string, body: object): Promise<void> {
  await ground.calls.call(method, path, body);
  await refresh(ground);
}

/** Let a thread of an earlier session go on in the one at hand, and show that. */
export async function continueThread(ground: Ground, thread: string, from: string): Promise<void> {
  const { screen } = ground;
  const path = `/v1/sessions/${screen.state.session?.id}/threads`;
  await change(ground, "POST", path, { thread, continued_from: from });
  screen.set({ past: null });
}

/** Bring a file to the session at hand; the part that shows it. */
export async function upload({ calls, screen }: Ground, file: Blob, name: string): Promise<MessagePart> {
  const path = `/v1/sessions/${screen.state.session?.id}/files?name=${encodeURIComponent(name)}`;
  const { id, ...what } = await calls.post<FileAccepted>(path, file);
  return { kind: "file", file: id, ...what };
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

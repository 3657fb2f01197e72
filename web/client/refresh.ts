// How the session stands now, in all tabs.

import type { Ground } from "./ground";
import type { SessionView } from "./wire";

/** Ask the server, and show it; does nothing where no session is. */
export async function refresh({ calls, screen }: Ground): Promise<void> {
  const id = screen.state.session?.id;
  if (!id) return;
  const session = await calls.get<SessionView>(`/v1/sessions/${id}`);
  if (id === screen.state.session?.id) screen.share({ type: "viewed", session, nowMs: screen.now() });
}

// A link to this page that brings a chat along, in the part of the address that no server sees.

import type { App } from "./app";

const MARK = "chatsession-";

/** The address of this page with the secret of a chat. */
export function linkFor(inbox: string, secret: string): string {
  const { origin, pathname, search } = location;
  return `${origin}${pathname}${search}#${MARK}${encodeURIComponent(inbox)}=${secret}`;
}

/** The secret that the page was opened with, once: then the address is clean again, and nobody copies it by mistake. */
export function takeSecret(inbox: string): string | null {
  const start = `#${MARK}${encodeURIComponent(inbox)}=`;
  if (!location.hash.startsWith(start)) return null;
  const secret = location.hash.slice(start.length);
  history.replaceState(history.state, "", location.pathname + location.search);
  return secret;
}

/** Show the chat that the page was opened with, if it is one of this inbox: to be come to, once the visitor says so. */
export function arrive(app: App): void {
  const secret = takeSecret(app.inbox);
  if (!secret) return;
  app.toggle(true);
  app.change({ secret, page: "elsewhere" });
}

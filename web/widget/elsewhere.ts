// A link to this page that brings a chat along, in the part of the address that no server sees.

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

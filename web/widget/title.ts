// A mark before the page's title while something waits that nobody sees. It does not flash.

const MARK = /^\((\d+|!)\) /;

/** A number of unread messages, "!" where the chat is about to close, or nothing. */
export function markTitle(mark: number | "!" | null): void {
  const bare = document.title.replace(MARK, "");
  const title = mark ? `(${mark}) ${bare}` : bare;
  if (title !== document.title) document.title = title;
}

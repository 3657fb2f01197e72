// A mark before the page's title while something waits that nobody sees. It does not flash.

/** What of the title is ours: a page has one, however many widgets are on it, and may begin it with a number itself. */
let ours = "";

/** A number of unread messages, "!" where the chat is about to close, or nothing. */
export function markTitle(mark: number | "!" | null): void {
  const { title } = document;
  const bare = title.startsWith(ours) ? title.slice(ours.length) : title;
  ours = mark ? `(${mark}) ` : "";
  if (title !== ours + bare) document.title = ours + bare;
}

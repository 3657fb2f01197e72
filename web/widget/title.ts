// A mark before the page's title while something new waits in a hidden tab. It does not flash.

const MARK = /^\(\d+\) /;

export function markTitle(count: number): void {
  const bare = document.title.replace(MARK, "");
  const title = count && document.visibilityState === "hidden" ? `(${count}) ${bare}` : bare;
  if (title !== document.title) document.title = title;
}

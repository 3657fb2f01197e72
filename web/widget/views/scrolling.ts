// Staying at the end of what grows, unless somebody reads further up.

/** Whoever is this close to the end wants to stay there. */
const NEAR_PX = 80;

/** Returns how to let the log grow; `latest` shows while something new is out of sight. */
export function keepAtEnd(
  log: HTMLElement,
  content: HTMLElement,
  latest: HTMLElement,
): (grow: () => void, isForced: boolean) => void {
  const room = () => log.scrollHeight - log.clientHeight;
  const toEnd = () => log.scrollTo({ top: log.scrollHeight });
  let isFollowing = true;
  let before = 0;
  log.addEventListener("scroll", () => {
    const isNear = room() - log.scrollTop < NEAR_PX;
    // Where the sizes changed it was the layout that scrolled, and nobody's wish.
    if (isNear || room() === before) isFollowing = isNear;
    before = room();
    if (isNear) latest.hidden = true;
  });
  latest.addEventListener("click", () => {
    toEnd();
    log.focus();
  });
  // What is fetched later makes the list longer too, and a keyboard makes it lower.
  const watch = new ResizeObserver(() => isFollowing && toEnd());
  for (const each of [log, content]) watch.observe(each);
  return (grow, isForced) => {
    const height = log.scrollHeight;
    grow();
    if (isFollowing || isForced) toEnd();
    else if (log.scrollHeight > height) latest.hidden = false;
  };
}

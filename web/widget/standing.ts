// Where the widget stands in the page: within an open modal dialog, else at the end of the body; always somewhere, and
// never in the way.

import { giveWay } from "./yielding";

/** Keep `host` in reach, whatever the page does; the returned function ends that. */
export function stand(host: HTMLElement): () => void {
  const place = () => {
    const dialog = [...document.querySelectorAll<HTMLDialogElement>("dialog[open]")].filter(isModal).at(-1);
    const home = dialog ?? document.body;
    if (host.parentNode !== home) move(host, home);
  };
  const watch = new MutationObserver(place);
  watch.observe(document, { subtree: true, childList: true, attributeFilter: ["open"] });
  place();
  const take = giveWay(host);
  return () => {
    watch.disconnect();
    take();
  };
}

function isModal(dialog: Element): boolean {
  try {
    return dialog.matches(":modal");
  } catch {
    return true;
  }
}

/** Without losing focus and scroll, where the browser can do that. */
function move(host: HTMLElement, home: HTMLElement & { moveBefore?: (node: Node, before: null) => void }): void {
  try {
    if (!host.isConnected || !home.moveBefore) home.append(host);
    else home.moveBefore(host, null);
  } catch {
    // Not between these two places: then the ordinary way.
    home.append(host);
  }
}

// The launcher gives way: it never lies over what has the focus (WCAG 2.4.11).

const GAP_PX = 8;

/** Keep the launcher off what is focused on the page; the returned function ends that. */
export function giveWay(host: HTMLElement): () => void {
  const node = host.shadowRoot?.querySelector<HTMLElement>(".launcher");
  const see = () => {
    if (!node) return;
    node.style.translate = "";
    const focused = focusedBeside(host);
    // Most of the time the page scrolls and nothing is focused: then nothing is measured.
    const up = focused ? wayUp(focused.getBoundingClientRect(), node.getBoundingClientRect()) : 0;
    if (up) node.style.translate = `0 ${-up}px`;
  };
  const events = ["focusin", "focusout"];
  for (const event of events) document.addEventListener(event, see);
  addEventListener("scroll", see, true);
  return () => {
    for (const event of events) document.removeEventListener(event, see);
    removeEventListener("scroll", see, true);
  };
}

function focusedBeside(host: Element): Element | null {
  const { activeElement } = document;
  return activeElement !== host && activeElement?.matches(":focus-visible") ? activeElement : null;
}

/** How far up it no longer lies over what is focused; what fills the page cannot be covered. */
function wayUp(focused: DOMRect, launcher: DOMRect): number {
  const isApart =
    focused.bottom < launcher.top ||
    focused.top > launcher.bottom ||
    focused.right < launcher.left ||
    focused.left > launcher.right;
  const up = launcher.bottom - focused.top + GAP_PX;
  return isApart || up > launcher.top ? 0 : up;
}

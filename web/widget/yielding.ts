// The launcher gives way: it never lies over what has the focus (WCAG 2.4.11).

const GAP_PX = 8;

/** Keep the launcher off what is focused on the page; the returned function ends that. */
export function giveWay(host: HTMLElement): () => void {
  const node = host.shadowRoot?.querySelector<HTMLElement>(".launcher");
  const see = () => {
    if (!node) return;
    node.style.translate = "";
    const up = wayUp(host, node.getBoundingClientRect());
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

/** How far up nothing that is focused lies below it; what fills the page cannot be covered. */
function wayUp(host: Element, launcher: DOMRect): number {
  const { activeElement } = document;
  if (!activeElement || activeElement === host || !activeElement.matches(":focus-visible")) return 0;
  const focused = activeElement.getBoundingClientRect();
  const isApart =
    focused.bottom < launcher.top ||
    focused.top > launcher.bottom ||
    focused.right < launcher.left ||
    focused.left > launcher.right;
  const up = launcher.bottom - focused.top + GAP_PX;
  return isApart || up > launcher.top ? 0 : up;
}

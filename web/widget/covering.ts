// The panel over the whole screen of a phone: the rest is out of reach meanwhile, and found exactly as it was left.

/** Cover the page with `host`; the returned function uncovers it. */
export function cover(host: HTMLElement, panel: HTMLElement, useHistory: boolean, onBack: () => void): () => void {
  const quiet = inertAround(host);
  const unlock = lockScroll();
  const unfit = fitAboveKeyboard(panel);
  const leave = useHistory ? backCloses(onBack) : () => undefined;
  return () => {
    for (const node of quiet) node.inert = false;
    unlock();
    unfit();
    leave();
  };
}

/** Everything beside the host and what it stands in; what was inert before is not ours to free. */
function inertAround(host: HTMLElement): HTMLElement[] {
  const quiet: HTMLElement[] = [];
  for (let node: Element = host; node.parentElement && node !== document.body; node = node.parentElement) {
    for (const other of node.parentElement.children) {
      if (other === node || !(other instanceof HTMLElement) || other.inert) continue;
      other.inert = true;
      quiet.push(other);
    }
  }
  return quiet;
}

/** The page stays where it is, and gets its own style back. */
function lockScroll(): () => void {
  const { documentElement: root } = document;
  const [hadStyle, { scrollX, scrollY }] = [root.hasAttribute("style"), window];
  const [own, priority] = [root.style.getPropertyValue("overflow"), root.style.getPropertyPriority("overflow")];
  root.style.setProperty("overflow", "hidden", "important");
  return () => {
    root.style.setProperty("overflow", own, priority);
    if (!hadStyle && !root.getAttribute("style")) root.removeAttribute("style");
    scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
  };
}

function fitAboveKeyboard(panel: HTMLElement): () => void {
  const { visualViewport: seen } = window;
  if (!seen) return () => undefined;
  const fit = () => {
    panel.style.setProperty("--seen-height", `${seen.height}px`);
    panel.style.setProperty("--seen-top", `${seen.offsetTop}px`);
  };
  fit();
  seen.addEventListener("resize", fit);
  seen.addEventListener("scroll", fit);
  return () => {
    seen.removeEventListener("resize", fit);
    seen.removeEventListener("scroll", fit);
  };
}

/** The back button closes the chat and nothing else. */
function backCloses(onBack: () => void): () => void {
  // Loaded anew while the chat covered it, the page is on that entry already.
  if (!history.state?.chatsession) history.pushState({ ...history.state, chatsession: true }, "");
  const back = () => onBack();
  addEventListener("popstate", back, { once: true });
  return () => {
    removeEventListener("popstate", back);
    if (history.state?.chatsession) history.back();
  };
}

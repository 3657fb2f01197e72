// What is typed in the chat is none of the page's shortcuts.

const TYPES = ["keydown", "keyup", "keypress"];

/** Keep keys pressed within `frame` from the page, up to their release, that may come elsewhere; until the stop. */
export function keepKeys(root: ShadowRoot, frame: Node): () => void {
  let isOurs = false;
  const keep = (event: Event) => {
    if (event.type === "keydown") isOurs = frame.contains(event.target as Node);
    if (isOurs) event.stopPropagation();
  };
  for (const type of TYPES) root.addEventListener(type, keep);
  return () => {
    for (const type of TYPES) root.removeEventListener(type, keep);
  };
}

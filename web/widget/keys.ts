// What is typed in the chat is none of the page's shortcuts.

/** Keep the keys that are pressed within `frame` from the page, up to their release: that may come elsewhere. */
export function keepKeys(root: ShadowRoot, frame: Node): void {
  let isOurs = false;
  const keep = (event: Event) => {
    if (event.type === "keydown") isOurs = frame.contains(event.target as Node);
    if (isOurs) event.stopPropagation();
  };
  for (const type of ["keydown", "keyup", "keypress"]) root.addEventListener(type, keep);
}

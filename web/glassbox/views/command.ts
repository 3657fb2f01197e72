// A command to type in a terminal, with a button that copies it.

import { h, tell } from "../../widget/dom";

const THANKS_MS = 2_000;

export function command(text: string): HTMLElement {
  const code = h("code", { tabindex: 0 }, text);
  return h("span", { class: "command" }, code, ...copier(code));
}

/** Copies what an element says, and says so. */
export function copier(of: HTMLElement): readonly [button: HTMLElement, said: HTMLElement] {
  const said = h("span", { role: "status", class: "unseen" });
  const click = async () => {
    const word = (await copy(of)) ? "Copied" : "Marked";
    tell(button, word);
    tell(said, word);
    setTimeout(() => tell(button, "Copy"), THANKS_MS);
  };
  const button = h("button", { type: "button", class: "copy", click }, "Copy");
  return [button, said];
}

/** Where a browser lets no page copy, the text is marked, to be copied by hand. */
async function copy(of: HTMLElement): Promise<boolean> {
  getSelection()?.selectAllChildren(of);
  try {
    await navigator.clipboard.writeText(of.textContent ?? "");
    return true;
  } catch {
    return false;
  }
}

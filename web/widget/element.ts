// <chat-session inbox="support">: a chat within the flow of a page, or as a whole page (mode="page").

import type { Mode } from "./app";
import { type Options, TAG } from "./options";
import type { Registry } from "./registry";
import type { Scheme } from "./theme";

export function define(registry: Registry): void {
  if (customElements.get(TAG)) return;
  customElements.define(
    TAG,
    class extends HTMLElement {
      /** What the loader made is filled already; it names no inbox. */
      connectedCallback(): void {
        const inbox = this.getAttribute("inbox");
        if (inbox) registry.mount(this, optionsOf(this, inbox));
      }

      disconnectedCallback(): void {
        if (this.hasAttribute("inbox")) registry.unmount(this);
      }
    },
  );
}

function optionsOf(element: HTMLElement, inbox: string): Options {
  const text = (name: string) => element.getAttribute(name) ?? undefined;
  const [locale, primary, origin] = ["locale", "primary", "origin"].map(text);
  if (primary) element.style.setProperty("--cs-primary", primary);
  return {
    inbox,
    mode: (text("mode") as Mode | undefined) ?? "inline",
    theme: (text("theme") as Scheme | undefined) ?? "auto",
    ...(locale && { locale }),
    ...(origin && { origin }),
  };
}

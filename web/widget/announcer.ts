// What a screen reader is told: one voice for news, one for what cannot wait. The transcript itself stays silent.

import { h } from "./dom";

/** Then it has been read out, and nobody shall find it again by walking the page. */
export const SPOKEN_MS = 2_000;

export interface Announcer {
  readonly node: HTMLElement;
  say(text: string): void;
  alert(text: string): void;
  /** What was said was for somebody who left. */
  hush(): void;
}

export function announcer(): Announcer {
  const polite = h("div", { role: "status", "aria-live": "polite", "aria-atomic": "false" });
  const assertive = h("div", { role: "alert", "aria-live": "assertive", "aria-atomic": "false" });
  const speak = (region: HTMLElement) => (text: string) => {
    const line = h("p", {}, text);
    region.append(line);
    setTimeout(() => line.remove(), SPOKEN_MS);
  };
  const hush = () => {
    for (const region of [polite, assertive]) region.replaceChildren();
  };
  const node = h("div", { class: "unseen" }, polite, assertive);
  return { node, say: speak(polite), alert: speak(assertive), hush };
}

// A widget on a page of a test, played by a puppet.

import { vi } from "vitest";
import type { State } from "../../client/state";
import type { Ui } from "../../widget/app";
import { Instance } from "../../widget/instance";
import { ENGLISH } from "../../widget/locale";
import type { Options } from "../../widget/options";
import { Title } from "../../widget/title";
import { type Puppet, puppet } from "./puppet";

export interface Stage {
  readonly chat: Puppet;
  readonly instance: Instance;
  readonly root: ShadowRoot;
  /** The one element there is for a selector. */
  one<Found extends HTMLElement = HTMLElement>(selector: string): Found;
  all(selector: string): HTMLElement[];
  /** A button by what it says. */
  button(text: string): HTMLButtonElement;
  /** Change what the client knows, and draw it. */
  show(state: Partial<State>, ui?: Partial<Ui>): Promise<void>;
  /** Everything a screen reader is told since the last time. */
  heard(): string[];
}

const standing: Instance[] = [];

/** Take all widgets down again, and everything that they left. */
export function strike(): void {
  for (const instance of standing.splice(0)) instance.end();
  sessionStorage.clear();
  localStorage.clear();
  vi.useRealTimers();
}

export function keydown(name: string, more: KeyboardEventInit = {}): KeyboardEvent {
  return new KeyboardEvent("keydown", { key: name, bubbles: true, composed: true, cancelable: true, ...more });
}

export async function stage(
  state: State,
  options: Partial<Options> = {},
  at?: HTMLElement,
  isOpen = true,
): Promise<Stage> {
  const host = at ?? document.body.appendChild(document.createElement("div"));
  const chat = puppet(state);
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const title = new Title();
  const page = { toggled: () => undefined, waits: title.mark.bind(title) };
  const instance = new Instance(host, root, chat, { inbox: "support", ...options }, page);
  standing.push(instance);
  const said: string[] = [];
  const hear = new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) said.push(node.textContent ?? "");
  });
  hear.observe(instance.announcer.node, { subtree: true, childList: true });
  instance.speak(ENGLISH);
  instance.toggle(isOpen);
  await settled();
  return {
    chat,
    instance,
    root,
    one: (selector) => {
      const found = root.querySelector(selector);
      if (!found) throw new Error(`Nothing is ${selector}.`);
      return found as never;
    },
    all: (selector) => [...root.querySelectorAll<HTMLElement>(selector)],
    button: (text) => {
      const found = [...root.querySelectorAll("button")].find((each) => each.textContent?.trim() === text);
      if (!found) throw new Error(`No button says ${text}.`);
      return found;
    },
    async show(change, ui) {
      chat.become(change);
      if (ui) instance.change(ui);
      await settled();
    },
    heard: () => said.splice(0),
  };
}

/** What is fetched later has come, and all of it is drawn. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await vi.dynamicImportSettled();
  }
}

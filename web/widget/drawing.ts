// What is drawn of one widget within its shadow root, in one language at a time.

import type { State } from "../client/state";
import type { App, View } from "./app";
import { fill, h, set } from "./dom";
import { keepKeys } from "./keys";
import { sheetOf } from "./launching";
import { launcher } from "./views/launcher";
import { panel } from "./views/panel";

export class Drawing {
  readonly frame = h("div", { class: "frame" });
  /** The styles of the launcher, where the loader painted one. */
  readonly #painted: readonly CSSStyleSheet[];
  readonly #styles = new Set<string>();
  readonly #letKeys: () => void;
  #ends: (() => void)[] = [];
  #views: readonly View[] = [];

  constructor(
    readonly root: ShadowRoot,
    { mode, announcer }: App,
  ) {
    this.#painted = [...root.adoptedStyleSheets];
    set(this.frame, { "data-mode": mode });
    root.append(this.frame, announcer.node);
    this.#letKeys = keepKeys(root, this.frame);
  }

  /** Nothing is drawn before there is a language, and after the end. */
  get panel(): HTMLElement | undefined {
    return this.#views[1]?.node;
  }

  /** Draw everything anew, in the words there are now. */
  begin(app: App): void {
    this.#stop();
    this.#styles.clear();
    this.root.adoptedStyleSheets = [...this.#painted];
    set(this.frame, { lang: app.words.locale.tag });
    // The launcher stays where it is: somebody may be about to press it.
    this.#views = [launcher(app, this.root), panel(app)];
    fill(this.frame, [this.panel]);
  }

  /** Whether whoever was at something has lost it by that. */
  update(state: State): boolean {
    const { activeElement } = this.root;
    for (const view of this.#views) view.update(state);
    return activeElement?.checkVisibility?.() === false;
  }

  /** Go on at the last of these that can be had. */
  focus(...targets: readonly string[]): void {
    for (const target of targets) this.root.querySelector<HTMLElement>(target)?.focus({ preventScroll: true });
  }

  adopt(styles: string): void {
    if (this.#styles.has(styles)) return;
    this.#styles.add(styles);
    this.root.adoptedStyleSheets.push(sheetOf(styles));
  }

  until(stop: () => void): void {
    this.#ends.push(stop);
  }

  /** The page may put the element back: then it begins anew. */
  clear(): void {
    this.#stop();
    this.#letKeys();
    this.#views = [];
    this.root.replaceChildren();
    this.root.adoptedStyleSheets = [];
  }

  #stop(): void {
    for (const stop of this.#ends) stop();
    this.#ends = [];
  }
}

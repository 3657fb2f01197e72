// What is drawn of one widget within its shadow root, in one language at a time: the launcher, and the panel once it is
// wanted.

import type { State } from "../client/state";
import type { App, View } from "./app";
import { fill, h, set } from "./dom";
import { eventually } from "./eventually";
import { keepKeys } from "./keys";
import { sheetOf } from "./launching";
import { launcher } from "./views/launcher";

type Make = (app: App) => View;

/** One fetch, however many want it. */
const fetchPanel = () => import("./views/panel");

export class Drawing {
  readonly frame = h("div", { class: "frame" });
  /** The styles of the launcher, where the loader painted one. */
  readonly #painted: readonly CSSStyleSheet[];
  readonly #styles = new Set<string>();
  readonly #letKeys: () => void;
  #ends: (() => void)[] = [];
  /** Nothing is drawn before there is a language, and after the end. */
  #launcher: View | null = null;
  #panel: View | null = null;
  #makePanel: Make | null = null;
  #isAwaited = false;

  constructor(
    readonly root: ShadowRoot,
    { mode, announcer }: App,
  ) {
    this.#painted = [...root.adoptedStyleSheets];
    set(this.frame, { "data-mode": mode });
    root.append(this.frame, announcer.node);
    this.#letKeys = keepKeys(root, this.frame);
  }

  get panel(): HTMLElement | undefined {
    return this.#panel?.node;
  }

  /** Draw everything anew, in the words there are now. */
  begin(app: App): void {
    this.#stop();
    this.#styles.clear();
    this.root.adoptedStyleSheets = [...this.#painted];
    set(this.frame, { lang: app.words.locale.tag });
    // The launcher stays where it is: somebody may be about to press it.
    this.#launcher = launcher(app, this.root);
    this.#drawPanel(app);
  }

  /** Have the panel here already, for whoever may open it; that it cannot be had is nobody's trouble yet. */
  prepare(): void {
    fetchPanel().catch(() => undefined);
  }

  /** Draw the panel too, as soon as it can be had. */
  unfold(app: App, onDrawn: () => void, onFailed: () => void): void {
    if (this.#isAwaited) return;
    this.#isAwaited = true;
    const use = ({ panel }: { readonly panel: Make }) => {
      this.#makePanel = panel;
      if (!this.#launcher) return;
      this.#drawPanel(app);
      onDrawn();
    };
    eventually(fetchPanel, use, onFailed);
  }

  /** Whether whoever was at something has lost it by that. */
  update(state: State): boolean {
    this.#launcher?.update(state);
    if (!this.#panel) return false;
    const { activeElement } = this.root;
    this.#panel.update(state);
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
    this.#launcher = null;
    this.#panel = null;
    this.root.replaceChildren();
    this.root.adoptedStyleSheets = [];
  }

  #drawPanel(app: App): void {
    this.#panel = this.#makePanel?.(app) ?? null;
    fill(this.frame, [this.panel]);
  }

  #stop(): void {
    for (const stop of this.#ends) stop();
    this.#ends = [];
  }
}

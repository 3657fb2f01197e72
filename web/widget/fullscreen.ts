// Whether one panel covers the whole screen of a phone now.

import { eventually } from "./eventually";
import { fetchRest } from "./lazy-parts";

export class Fullscreen {
  #isWanted = false;
  #uncover: (() => void) | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly usesHistory: boolean,
    private readonly onBack: () => void,
  ) {}

  /** Cover the page, as soon as that can be done and the panel is there. */
  begin(panel: () => HTMLElement | undefined): void {
    this.#isWanted = true;
    eventually(fetchRest, ({ cover }) => {
      const node = panel();
      // It may have been closed, covered or ended while this was on its way.
      if (node && this.#isWanted && !this.#uncover)
        this.#uncover = cover(this.host, node, this.usesHistory, this.onBack);
    });
  }

  end(): void {
    this.#isWanted = false;
    this.#uncover?.();
    this.#uncover = null;
  }
}

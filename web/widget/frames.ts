// Drawing at most once a frame, however often it is asked for.

/** Where nothing is painted, what is due is still done, only later. */
const HIDDEN_FRAME_MS = 250;

export class Frames {
  #isDue = false;
  #isOver = false;

  constructor(private readonly draw: () => void) {}

  ask(): void {
    if (this.#isDue || this.#isOver) return;
    this.#isDue = true;
    const due = () => {
      this.#isDue = false;
      if (!this.#isOver) this.draw();
    };
    if (document.visibilityState === "hidden") setTimeout(due, HIDDEN_FRAME_MS);
    else requestAnimationFrame(due);
  }

  end(): void {
    this.#isOver = true;
  }
}

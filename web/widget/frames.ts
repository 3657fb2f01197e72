// Drawing at most once a frame, however often it is asked for.

/** Where nothing is painted, what is due is still done, only later. */
const HIDDEN_FRAME_MS = 250;

export class Frames {
  #due: "frame" | "later" | null = null;
  #isOver = false;

  constructor(private readonly draw: () => void) {}

  ask(): void {
    const when = document.visibilityState === "hidden" ? "later" : "frame";
    // Frames stop for a page that is put away, and its timers are too slow for one that is looked at again.
    if (this.#due === when) return;
    this.#due = when;
    const due = () => {
      if (!this.#due || this.#isOver) return;
      this.#due = null;
      this.draw();
    };
    if (when === "later") setTimeout(due, HIDDEN_FRAME_MS);
    else requestAnimationFrame(due);
  }

  end(): void {
    this.#isOver = true;
  }
}

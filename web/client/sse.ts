// Server-Sent Events as they arrive: in pieces that end anywhere.

export interface Frame {
  /** The name of the event; "" for what the list holds. */
  readonly event: string;
  readonly data: string;
}

/** Reads frames, and the heads that comments tell of, from pieces of text. */
export class SseReader {
  #rest = "";
  #event = "";
  #data: string[] = [];

  constructor(
    private readonly onFrame: (frame: Frame) => void,
    private readonly onComment: (text: string) => void,
  ) {}

  push(text: string): void {
    // A line may end in \r\n: a \r at the end of a piece waits for what follows it.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (!line) {
      if (this.#data.length) this.onFrame({ event: this.#event, data: this.#data.join("\n") });
      this.#event = "";
      this.#data = [];
      return;
    }
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (!name) this.onComment(value);
    else if (name === "event") this.#event = value;
    else if (name === "data") this.#data.push(value);
  }
}

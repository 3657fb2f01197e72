// Server-Sent Events as they arrive: in pieces that end anywhere.

/** Reads events from pieces of text: what has no name is of the list; comments tell where the list ends. */
export class SseReader {
  #rest = "";
  #event = "";
  #data: string[] = [];

  constructor(
    private readonly onEvent: (event: string, data: string) => void,
    private readonly onComment: (text: string) => void,
  ) {}

  push(text: string): void {
    // A line may end in \r\n: a \r at the end of a piece waits for what follows it.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    const [, name, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (!line) {
      if (this.#data.length) this.onEvent(this.#event, this.#data.join("\n"));
      this.#event = "";
      this.#data = [];
    } else if (!name) this.onComment(value);
    else if (name === "event") this.#event = value;
    else if (name === "data") this.#data.push(value);
  }
}

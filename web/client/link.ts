// The one live stream: opened again whenever it breaks, from where the list stands, until the server says it is over.

import { headersOf, mayPass, refused, troubleOf } from "./api";
import type { Browser } from "./browser";
import { Pause, retryMs } from "./retry";
import { type Frame, SseReader } from "./sse";
import type { Link as LinkState } from "./state";
import type { Problem, SessionEvent, Signal, StreamEnd, StreamHello } from "./wire";

/** A link that says nothing for so long is dead; the server's beat is far more frequent. */
export const SILENCE_MS_MAX = 40_000;

export interface LinkOptions {
  readonly browser: Browser;
  /** The address of the stream from where the list stands now. */
  readonly url: () => string;
  readonly token: () => string | null;
  readonly onState: (link: LinkState) => void;
  readonly onHello: (hello: StreamHello) => void;
  readonly onEvent: (event: SessionEvent) => void;
  readonly onSignal: (signal: Signal) => void;
  readonly onHead: (head: number) => void;
  /** The stream is refused, or over for good; it is not tried again. */
  readonly onOver: (problem: Problem) => void;
}

/** How a try ended: when to come back, or that there is no coming back. */
type Ending =
  | { readonly isOver: true; readonly problem: Problem }
  | { readonly isOver: false; readonly waitMs: number | null };

export class Link {
  readonly #pause: Pause;
  #attempt: AbortController | null = null;
  #isClosed = false;
  #failures = 0;

  constructor(private readonly options: LinkOptions) {
    this.#pause = new Pause(options.browser);
    void this.#run();
  }

  /** Try at once if this waits for its next try. */
  hurry(): void {
    this.#pause.hurry();
  }

  /** Open the stream anew: what was missed on this one comes with the next. */
  again(): void {
    this.#attempt?.abort();
    this.hurry();
  }

  close(): void {
    this.#isClosed = true;
    this.#attempt?.abort();
    this.#pause.stop();
  }

  async #run(): Promise<void> {
    const { browser, onState, onOver } = this.options;
    onState("connecting");
    while (!this.#isClosed) {
      const ending = await this.#try();
      if (this.#isClosed) return;
      if (ending.isOver) {
        this.#isClosed = true;
        onState("refused");
        return onOver(ending.problem);
      }
      onState(browser.isOnline() ? "reconnecting" : "offline");
      const { waitMs } = ending;
      this.#failures += 1;
      await this.#pause.wait(waitMs || retryMs(browser.random(), this.#failures), !!waitMs);
    }
  }

  async #try(): Promise<Ending> {
    const { browser, url, token } = this.options;
    const attempt = new AbortController();
    this.#attempt = attempt;
    const silence = new Silence(browser, () => attempt.abort());
    try {
      const headers = headersOf({ token: token() });
      const response = await browser.fetch(url(), { headers, signal: attempt.signal, cache: "no-store" });
      if (!response.ok || !response.body) {
        const { problem, ...answer } = await refused(response);
        return endingOf(problem as Problem, "retryMs" in answer ? answer.retryMs : 0);
      }
      return await this.#read(response.body.getReader(), silence);
    } catch {
      return { isOver: false, waitMs: null };
    } finally {
      silence.stop();
      attempt.abort();
    }
  }

  async #read(body: ReadableStreamDefaultReader<Uint8Array>, silence: Silence): Promise<Ending> {
    let end: StreamEnd | null = null;
    const reader = new SseReader(
      (frame) => {
        if (frame.event === "end") end = JSON.parse(frame.data);
        else this.#take(frame);
      },
      (comment) => {
        const head = /^head (\d+)/.exec(comment);
        if (head) this.options.onHead(Number(head[1]));
      },
    );
    const decoder = new TextDecoder();
    for (let piece = await body.read(); !piece.done && !end; piece = await body.read()) {
      silence.broken();
      if (!this.#isClosed) reader.push(decoder.decode(piece.value, { stream: true }));
      if (end) break;
    }
    return endingOfStream(end);
  }

  #take({ event, data }: Frame): void {
    const { onState, onHello, onEvent, onSignal } = this.options;
    const said = JSON.parse(data);
    if (event === "hello") {
      this.#failures = 0;
      onState("online");
      onHello(said);
    } else if (event === "signal") onSignal(said);
    else if (!event) onEvent(said);
  }
}

function endingOf(problem: Problem, waitMs: number): Ending {
  return mayPass(problem) ? { isOver: false, waitMs } : { isOver: true, problem };
}

function endingOfStream(end: StreamEnd | null): Ending {
  if (!end) return { isOver: false, waitMs: null };
  return end.reconnect
    ? { isOver: false, waitMs: end.retry_ms }
    : { isOver: true, problem: troubleOf(end.code, "The server ended this stream.") };
}

/** Calls when nothing was heard for too long. */
class Silence {
  #stop: () => void = () => undefined;

  constructor(
    private readonly browser: Browser,
    private readonly tooLong: () => void,
  ) {
    this.broken();
  }

  broken(): void {
    this.stop();
    this.#stop = this.browser.after(SILENCE_MS_MAX, this.tooLong);
  }

  stop(): void {
    this.#stop();
  }
}

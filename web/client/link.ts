// The one live stream: opened again whenever it breaks, from where the list stands, until the server says it is over.

import { headersOf, Refused, refusal, refusalOf } from "./api";
import type { Browser } from "./browser";
import { Pause } from "./retry";
import { SseReader } from "./sse";
import type { Link as LinkState } from "./state";
import type { SessionEvent, Signal, StreamEnd, StreamHello } from "./wire";

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
  /** The stream is refused to this token, or over for good; it is not tried again. */
  readonly onOver: (why: Refused, token: string | null) => void;
}

export class Link {
  readonly #pause: Pause;
  #attempt: AbortController | null = null;
  #isClosed = false;
  #isAgain = false;
  readonly #unlisten: () => void;

  constructor(private readonly options: LinkOptions) {
    this.#pause = new Pause(options.browser);
    // A connection does not notice by itself that there is no network any more.
    this.#unlisten = options.browser.on("offline", () => this.#attempt?.abort());
    options.onState("connecting");
    void this.#run();
  }

  /** Try at once if this waits for its next try. */
  hurry(): void {
    this.#pause.hurry();
  }

  /** Open the stream anew: what was missed on this one comes with the next. */
  again(): void {
    this.#isAgain = true;
    this.#attempt?.abort();
    this.#pause.stop();
  }

  close(): void {
    this.#isClosed = true;
    this.#unlisten();
    this.#attempt?.abort();
    this.#pause.stop();
  }

  async #run(): Promise<void> {
    const { browser, token, onState, onOver } = this.options;
    while (!this.#isClosed) {
      const tried = token();
      const why = await this.#try(tried);
      if (this.#isClosed) return;
      if (!why.mayPass) {
        this.#isClosed = true;
        onState("refused");
        onOver(why, tried);
        return;
      }
      onState(browser.isOnline() ? "reconnecting" : "offline");
      if (!this.#isAgain) await this.#pause.next(why.retryMs);
      this.#isAgain = false;
    }
  }

  /** Why one try ended. */
  async #try(token: string | null): Promise<Refused> {
    const { browser, url } = this.options;
    const attempt = new AbortController();
    this.#attempt = attempt;
    const silence = new Silence(browser, () => attempt.abort());
    try {
      const response = await browser.fetch(url(), { headers: headersOf(token), signal: attempt.signal });
      if (!response.ok || !response.body) return await refusalOf(response);
      return await this.#read(response.body.getReader(), silence);
    } catch {
      return refusal("unreachable");
    } finally {
      silence.stop();
      attempt.abort();
    }
  }

  async #read(body: ReadableStreamDefaultReader<Uint8Array>, silence: Silence): Promise<Refused> {
    let end: StreamEnd | null = null;
    const reader = new SseReader(
      (event, data) => {
        if (event === "end") end = JSON.parse(data);
        else this.#take(event, data);
      },
      (comment) => {
        const head = /^head (\d+)/.exec(comment);
        if (head) this.options.onHead(Number(head[1]));
      },
    );
    const decoder = new TextDecoder();
    while (!end) {
      const { value, done } = await body.read();
      if (done || this.#isClosed) break;
      silence.isBroken();
      reader.push(decoder.decode(value, { stream: true }));
    }
    return endedBy(end);
  }

  #take(event: string, data: string): void {
    const { onState, onHello, onEvent, onSignal } = this.options;
    const said = JSON.parse(data);
    if (event === "hello") {
      this.#pause.succeeded();
      onState("online");
      onHello(said);
    } else if (event === "signal") onSignal(said);
    else if (!event) onEvent(said);
  }
}

function endedBy(end: StreamEnd | null): Refused {
  if (!end?.reconnect) return refusal(end?.code ?? "unreachable");
  return new Refused(refusal("unreachable").problem, end.retry_ms);
}

/** Calls when nothing was heard for too long. */
class Silence {
  #cancel: (() => void) | null = null;

  constructor(
    private readonly browser: Browser,
    private readonly tooLong: () => void,
  ) {
    this.isBroken();
  }

  isBroken(): void {
    this.stop();
    this.#cancel = this.browser.after(SILENCE_MS_MAX, this.tooLong);
  }

  stop(): void {
    this.#cancel?.();
  }
}

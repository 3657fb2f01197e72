// Keeps the list of one session up to date: the leading tab by its stream, the others by its word, and all of them by
// asking for what they missed.

import { type Answer, is, mayPass } from "./api";
import type { Browser } from "./browser";
import type { Calls } from "./calls";
import type { Identity } from "./identity";
import { Leader } from "./leader";
import { Link } from "./link";
import { Pause, retryMs } from "./retry";
import type { Screen } from "./screen";
import type { State } from "./state";
import type { Tabs } from "./tabs";
import type { EventList, Problem, SessionView } from "./wire";

/** What the stream is about to bring is not asked for; what does not come within this time is. */
export const GAP_MS = 300;
const PAGE = 500;

export interface Ground {
  readonly browser: Browser;
  readonly screen: Screen;
  readonly calls: Calls;
  readonly identity: Identity;
  readonly tabs: () => Tabs | null;
  readonly origin: string;
  /** The name that tabs of the same inbox share. */
  readonly name: string;
}

export class Following {
  #leader: Leader | null = null;
  #link: Link | null = null;
  #epoch: string | null = null;
  #isFetching = false;
  #failures = 0;
  #wholeAskedFor = "";
  /** Which session is followed, as whom. */
  #followed = "";
  #visitor = "";
  #cancelGap: (() => void) | null = null;
  #cancelTyping: () => void = () => undefined;
  readonly #pause: Pause;
  readonly #unwatch: () => void;

  constructor(
    private readonly ground: Ground,
    /** The session cannot be followed: it is gone, or the visitor is not known any more. */
    private readonly onOver: (problem: Problem) => void,
  ) {
    this.#pause = new Pause(ground.browser);
    this.#unwatch = ground.screen.watch((state) => this.#look(state));
  }

  /** Follow the session on the screen, as who is here now. */
  async begin(): Promise<void> {
    const { identity, screen } = this.ground;
    const { session } = screen.state;
    const followed = `${session?.id} ${identity.token}`;
    if (followed === this.#followed) return this.#catchUp();
    this.#followed = followed;
    this.#shut();
    this.#epoch = null;
    if (screen.state.link !== "online") screen.set({ link: "connecting" });
    await this.#catchUp();
    if (followed !== this.#followed) return;
    this.#stand(session?.visitor ?? "");
    if (this.#leader?.isLeader) this.#open();
    else this.ground.tabs()?.tell({ kind: "whole" });
  }

  end(): void {
    this.#unwatch();
    this.#cancelGap?.();
    this.#cancelTyping();
    this.#pause.stop();
    this.stop();
  }

  /** Nothing is followed any more. */
  stop(): void {
    this.#leader?.close();
    this.#leader = null;
    this.#followed = "";
    this.#shut();
    this.ground.screen.set({ link: "idle" });
  }

  /** The network is back, or somebody looks: try at once. */
  hurry(): void {
    this.#link?.hurry();
    this.#pause.hurry();
  }

  heard(link: State["link"]): void {
    this.#leader?.heard();
    if (this.#leader && !this.#leader.isLeader) this.ground.screen.set({ link });
  }

  beat(): void {
    this.ground.tabs()?.tell({ kind: "beat", link: this.ground.screen.state.link });
  }

  /** Another tab wants to see what is being written. */
  tellWhole(): void {
    if (!this.#leader?.isLeader) return;
    this.beat();
    const { writing } = this.ground.screen.state;
    if (!writing || writing.isBroken) return;
    const { turn, attempt, text, working } = writing;
    this.ground.screen.share({ type: "signal", signal: { type: "partial", turn, attempt, offset: 0, text, working } });
  }

  /** Be one of the tabs of this visitor, one of which leads. */
  #stand(visitor: string): void {
    const { browser, name } = this.ground;
    if (this.#visitor === visitor && this.#leader) return;
    this.#leader?.close();
    this.#visitor = visitor;
    this.#leader = new Leader({
      browser,
      name: `${name}lead:${visitor}`,
      onChange: (isLeader) => (isLeader ? this.#open() : this.#shut()),
      beat: () => this.beat(),
    });
  }

  #open(): void {
    if (this.#link) return;
    const { browser, identity, screen } = this.ground;
    this.#link = new Link({
      browser,
      url: () => this.#address(),
      token: () => identity.token,
      onState: (link) => {
        screen.set({ link });
        this.beat();
      },
      onHello: (hello) => {
        this.#epoch = hello.epoch;
        screen.share({ type: "clock", serverMs: Date.parse(hello.server_time), nowMs: screen.now() });
        screen.share({ type: "head", head: hello.head });
        this.refresh().catch(() => undefined);
      },
      onEvent: (event) => {
        this.#leader?.heard();
        screen.share({ type: "event", event, nowMs: screen.now() });
      },
      onSignal: (signal) => screen.share({ type: "signal", signal }),
      onHead: (head) => screen.share({ type: "head", head }),
      onOver: (problem) => (is(problem, "resync") ? void this.#anew() : this.onOver(problem)),
    });
  }

  #shut(): void {
    this.#link?.close();
    this.#link = null;
  }

  #address(): string {
    const { session, head } = this.ground.screen.state;
    const epoch = this.#epoch ? `&epoch=${this.#epoch}` : "";
    return `${this.ground.origin}/v1/sessions/${session?.id}/stream?after=${head}${epoch}`;
  }

  /** Ask how the session stands now. */
  async refresh(): Promise<Answer<SessionView> | null> {
    const { calls, screen } = this.ground;
    const id = screen.state.session?.id;
    if (!id) return null;
    const answer = await calls.ask<SessionView>("GET", `/v1/sessions/${id}`);
    if (answer.value && id === screen.state.session?.id)
      screen.share({ type: "viewed", session: answer.value, nowMs: screen.now() });
    return answer;
  }

  /** The list is not the one we know: read it from its beginning. */
  async #anew(): Promise<void> {
    await this.#forgetList();
    this.#followed = "";
    await this.begin();
  }

  async #forgetList(): Promise<void> {
    this.#epoch = null;
    this.ground.screen.take({ type: "resync" });
    await this.refresh();
  }

  /** What the state asks for: the missing part of the list or of an answer, or that typing expires. */
  #look(state: State): void {
    if (state.known > state.head) this.#planCatchUp();
    if (state.writing?.isBroken)
      this.#askForWhole(`${state.session?.id} ${state.writing.turn} ${state.writing.attempt}`);
    this.#cancelTyping();
    if (!state.typing) return;
    const { browser, screen } = this.ground;
    const leftMs = state.typing.untilMs - state.skewMs - screen.now();
    this.#cancelTyping = browser.after(Math.max(0, leftMs), () => screen.take({ type: "passed", nowMs: screen.now() }));
  }

  #askForWhole(what: string): void {
    if (this.#wholeAskedFor === what) return;
    this.#wholeAskedFor = what;
    if (this.#link) this.#link.again();
    else this.ground.tabs()?.tell({ kind: "whole" });
  }

  #planCatchUp(): void {
    if (!this.#leader || this.#cancelGap || this.#isFetching) return;
    this.#cancelGap = this.ground.browser.after(GAP_MS, () => {
      this.#cancelGap = null;
      const { head, known } = this.ground.screen.state;
      if (known > head) void this.#catchUp();
    });
  }

  /** Fetch what is missing, however long that takes. */
  async #catchUp(): Promise<void> {
    if (this.#isFetching) return;
    this.#isFetching = true;
    try {
      while (await this.#fetchPage());
    } catch {
      // The visitor left meanwhile.
    } finally {
      this.#isFetching = false;
    }
  }

  /** Whether there is more to fetch. */
  async #fetchPage(): Promise<boolean> {
    const { browser, calls, screen } = this.ground;
    const { session, head, known } = screen.state;
    if (!session || known <= head) return false;
    const epoch = this.#epoch ? `&epoch=${this.#epoch}` : "";
    const path = `/v1/sessions/${session.id}/events?after=${head}&limit=${PAGE}${epoch}`;
    const answer = await calls.ask<EventList>("GET", path);
    if (screen.state.session?.id !== session.id) return true;
    if (answer.problem) {
      if (is(answer.problem, "resync")) await this.#forgetList();
      else if (!mayPass(answer.problem)) {
        this.onOver(answer.problem);
        return false;
      } else await this.#wait(answer.retryMs);
      return true;
    }
    this.#failures = 0;
    for (const event of answer.value.events) screen.take({ type: "event", event, nowMs: browser.now() });
    return answer.value.events.length > 0;
  }

  async #wait(askedForMs: number): Promise<void> {
    const { browser, calls } = this.ground;
    this.#failures += 1;
    await calls.within(this.#pause.wait(askedForMs || retryMs(browser.random(), this.#failures), askedForMs > 0));
  }
}

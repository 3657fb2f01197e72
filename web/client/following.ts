// Keeps the list of one session up to date: the leading tab by its stream, the others by its word, and all of them by
// asking for what they missed.

import { Refused } from "./api";
import { GoneError } from "./calls";
import type { Ground } from "./ground";
import { Leader } from "./leader";
import { Link } from "./link";
import { refresh } from "./refresh";
import { mustBeAsked } from "./session";
import type { State } from "./state";
import type { EventList } from "./wire";

/** What the stream is about to bring is not asked for; what does not come within this time is. */
export const GAP_MS = 300;
/** Events come in batches; one description is enough for all of them. */
export const REFRESH_MS = 100;
const PAGE = 500;
const NOT_PLANNED: () => void = () => undefined;

export class Following {
  #leader: Leader | null = null;
  #link: Link | null = null;
  #epoch: string | null = null;
  /** Which session is followed, as whom. */
  #followed = "";
  #visitor = "";
  #isFetching = false;
  #isGapPlanned = false;
  #wholeAskedFor = "";
  #cancelTyping = NOT_PLANNED;
  #cancelRefresh = NOT_PLANNED;

  constructor(
    private readonly ground: Ground,
    /** The session cannot be followed: it is gone, or the visitor is not known any more. */
    private readonly onOver: (why: Refused, token: string | null) => void,
  ) {
    ground.screen.watch((state) => this.#look(state));
  }

  /** Follow the session on the screen, as who is here now. */
  async begin(): Promise<void> {
    const { identity, screen, tabs } = this.ground;
    const { session } = screen.state;
    const followed = `${session?.id} ${identity.token}`;
    if (!session || followed === this.#followed) return this.#catchUp();
    this.#followed = followed;
    this.#shut();
    this.#epoch = null;
    screen.set({ link: "connecting" });
    await this.#catchUp();
    if (followed !== this.#followed) return;
    this.#stand(session.visitor);
    if (this.#leader?.isLeader) this.#open();
    else tabs.tell({ kind: "whole" });
  }

  /** Nothing is followed any more. */
  stop(): void {
    this.#leader?.close();
    this.#leader = null;
    this.#followed = "";
    this.#shut();
    this.#cancelRefresh();
    this.#cancelTyping();
    this.ground.screen.set({ link: "idle" });
  }

  /** The network is back, or somebody looks: try at once. */
  hurry(): void {
    if (!this.#followed) return;
    this.#link?.hurry();
    if (!this.#link) this.ground.tabs.tell({ kind: "whole" });
    void this.#catchUp();
  }

  /** The leader, another tab, is alive. */
  heard(link: State["link"]): void {
    if (!this.#leader || this.#leader.isLeader) return;
    this.#leader.heard();
    this.ground.screen.set({ link });
    void this.#catchUp();
  }

  /** Another tab wants to know where the list ends, and what is being written. */
  tellWhole(): void {
    if (!this.#link) return;
    const { screen } = this.ground;
    const { known, writing } = screen.state;
    this.#beat();
    screen.share({ type: "head", head: known });
    if (writing) screen.share({ type: "signal", signal: { ...writing, type: "partial", offset: 0 } });
  }

  #refreshSoon(): void {
    this.#cancelRefresh();
    this.#cancelRefresh = this.ground.browser.after(REFRESH_MS, () => void refresh(this.ground).catch(() => undefined));
  }

  /** Be one of the tabs of this visitor, one of which leads. */
  #stand(visitor: string): void {
    const { browser, prefix } = this.ground;
    if (this.#visitor === visitor && this.#leader) return;
    this.#leader?.close();
    this.#visitor = visitor;
    this.#leader = new Leader({
      browser,
      name: `${prefix}lead:${visitor}`,
      onChange: (isLeader) => (isLeader ? this.#open() : this.#shut()),
      beat: () => this.#beat(),
    });
  }

  #beat(): void {
    this.ground.tabs.tell({ kind: "beat", link: this.ground.screen.state.link });
  }

  #open(): void {
    const { browser, identity, screen } = this.ground;
    this.#link ??= new Link({
      browser,
      url: () => `${this.ground.origin}${this.#path("stream?")}`,
      token: () => identity.token,
      onState: (link) => {
        screen.set({ link });
        this.#beat();
      },
      onHello: ({ epoch, head, server_time }) => {
        this.#epoch = epoch;
        screen.share({ type: "clock", serverMs: Date.parse(server_time), nowMs: screen.now() });
        screen.share({ type: "head", head });
        this.#refreshSoon();
      },
      onEvent: (event) => {
        screen.share({ type: "event", event, nowMs: screen.now() });
        // Not while catching up: what was, was.
        if (mustBeAsked(event) && event.seq >= screen.state.known) this.#refreshSoon();
      },
      onSignal: (signal) => screen.share({ type: "signal", signal }),
      onHead: (head) => screen.share({ type: "head", head }),
      onOver: (why, token) => void this.#ended(why, token),
    });
  }

  #shut(): void {
    this.#link?.close();
    this.#link = null;
  }

  #path(tail: string): string {
    const { session, head } = this.ground.screen.state;
    return `/v1/sessions/${session?.id}/${tail}after=${head}${this.#epoch ? `&epoch=${this.#epoch}` : ""}`;
  }

  /** The list is not the one we know: read it from its beginning. Anything else is the visitor's matter. */
  async #ended(why: Refused, token: string | null): Promise<void> {
    if (!why.is("resync")) return this.onOver(why, token);
    this.#followed = "";
    this.#epoch = null;
    this.ground.screen.take({ type: "resync" });
    await refresh(this.ground).catch(() => undefined);
    await this.begin();
  }

  /** What the state asks for: the missing part of the list or of an answer, or that typing expires. */
  #look({ known, head, writing, typing, skewMs }: State): void {
    const { browser, screen, tabs } = this.ground;
    if (known > head && this.#leader && !this.#isGapPlanned) {
      this.#isGapPlanned = true;
      browser.after(GAP_MS, () => {
        this.#isGapPlanned = false;
        void this.#catchUp();
      });
    }
    const whole = writing?.isBroken ? `${this.#followed} ${writing.turn} ${writing.attempt}` : "";
    if (whole && whole !== this.#wholeAskedFor) {
      this.#wholeAskedFor = whole;
      if (this.#link) this.#link.again();
      else tabs.tell({ kind: "whole" });
    }
    this.#cancelTyping();
    const leftMs = typing ? typing.untilMs - skewMs - screen.now() : 0;
    if (typing) this.#cancelTyping = browser.after(leftMs, () => screen.take({ type: "passed", nowMs: screen.now() }));
  }

  /** Fetch what is missing. What cannot be had now is noticed again with the next beat, head or event. */
  async #catchUp(): Promise<void> {
    if (this.#isFetching) return;
    this.#isFetching = true;
    try {
      while (await this.#fetchPage());
    } catch (error) {
      if (error instanceof Refused && !error.mayPass) void this.#ended(error, null);
      else if (!(error instanceof Refused || error instanceof GoneError)) throw error;
    } finally {
      this.#isFetching = false;
    }
  }

  /** Whether there may be more to fetch. */
  async #fetchPage(): Promise<boolean> {
    const { calls, screen } = this.ground;
    const { session, head, known } = screen.state;
    if (!session || known <= head) return false;
    const page = await calls.get<EventList>(this.#path(`events?limit=${PAGE}&`));
    if (session.id !== screen.state.session?.id) return true;
    for (const event of page.events) screen.take({ type: "event", event, nowMs: screen.now() });
    return page.events.length > 0;
  }
}

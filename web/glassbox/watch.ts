// Keeps the glass box up to date through the public API: the list of chats is asked for, the chat itself is streamed.

import { type Ask, asking, Refused } from "../client/api";
import { type Browser, thisBrowser } from "../client/browser";
import { Link } from "../client/link";
import type { SessionEvent, SessionList, SessionView, TraceList } from "../client/wire";
import { EMPTY, type Glass, type Notes, type Place, watched, withEvent, withServerTime, withSignal } from "./glass";
import { visitorsHere } from "./visitor";

const LIST_EVERY_MS = 1_200;
const LIST_MAX = 30;
const NOTES = "glassbox:notes";

export type Goal = "warning" | "closing";

export class Watch {
  #glass: Glass;
  #link: Link | null = null;
  #listeners = new Set<(glass: Glass) => void>();
  readonly #browser: Browser = thisBrowser();
  readonly #ask: Ask = asking(this.#browser, "");

  constructor(private key: string) {
    this.#glass = { ...EMPTY, notes: readNotes() };
    this.#browser.on("visibilitychange", () => this.#browser.isVisible() && this.#link?.hurry());
    void this.#listForever();
  }

  get glass(): Glass {
    return this.#glass;
  }

  subscribe(listener: (glass: Glass) => void): void {
    this.#listeners.add(listener);
    listener(this.#glass);
  }

  /** Go on with another key. */
  open(key: string): void {
    this.key = key;
    this.#set({ server: "asking" });
  }

  choose(session: string | null): void {
    this.#set({ chosen: session });
    this.#follow();
  }

  note(notes: Partial<Notes>): void {
    this.#set({ notes: { ...this.#glass.notes, ...notes } });
    try {
      sessionStorage.setItem(NOTES, JSON.stringify(this.#glass.notes));
    } catch {
      // Nothing is kept here: the notes last as long as the page.
    }
  }

  /** Move the demo's clock to what the chat is waiting for; why it could not be is the answer. */
  async skip(to: Goal): Promise<string | null> {
    const { session } = this.#glass;
    if (!session) return "There is no chat yet: ask something first.";
    try {
      this.#view(await this.#ask<SessionView>("POST", "/v1/demo/skip", { session: session.id, to }, this.key));
      await this.#list();
      return null;
    } catch (error) {
      return detailOf(error);
    }
  }

  #set(change: Partial<Glass>): void {
    this.#glass = { ...this.#glass, ...change };
    for (const listener of this.#listeners) listener(this.#glass);
  }

  async #listForever(): Promise<void> {
    for (;;) {
      if (this.#glass.server !== "refused" && this.#browser.isVisible()) await this.#list();
      await new Promise<void>((done) => this.#browser.after(LIST_EVERY_MS, done));
    }
  }

  async #list(): Promise<void> {
    try {
      const [{ sessions }, place] = await Promise.all([
        this.#get<SessionList>(`/v1/sessions?limit=${LIST_MAX}`),
        this.#get<Place>("/v1/demo/place"),
      ]);
      this.#arrive(place);
      this.#set({ sessions, own: visitorsHere() });
      this.#follow();
    } catch (error) {
      this.#lose(error);
    }
  }

  /** The server is there, or there again. */
  #arrive(place: Place): void {
    const { server, place: before, notes } = this.#glass;
    const serverMs = Date.parse(place.server_time);
    // Whoever starts it again faster than we ask has killed it all the same.
    if (before && before.pid !== place.pid) this.note({ gonePid: before.pid });
    this.#set({ ...withServerTime(this.#glass, serverMs, this.#browser.now()), server: "there", place });
    if (notes.sinceMs === null) this.note({ sinceMs: serverMs });
    if (server !== "there") this.#link?.hurry();
  }

  #lose(error: unknown): void {
    const isRefused = error instanceof Refused && error.is("unauthorized", "forbidden");
    if (isRefused) this.#set({ server: "refused" });
    else if (this.#glass.server !== "gone") {
      if (this.#glass.place) this.note({ gonePid: this.#glass.place.pid });
      this.#set({ server: "gone" });
    }
  }

  /** Stream the chat that is to be looked into. */
  #follow(): void {
    const id = watched(this.#glass);
    if (id === (this.#glass.session?.id ?? null)) return;
    const session = this.#glass.sessions.find((each) => each.id === id) ?? null;
    if (id && !session) return;
    this.#link?.close();
    this.#set({ session, events: [], traces: [], live: null, link: "idle" });
    // One's own may not have begun.
    if (id) this.#link = this.#linkTo(id);
  }

  #linkTo(id: string): Link {
    return new Link({
      browser: this.#browser,
      url: () => `/v1/sessions/${id}/stream?after=${this.#glass.events.length}`,
      token: () => this.key,
      onState: (link) => this.#set({ link }),
      onHello: (hello) => {
        this.#set({ durability: hello.durability });
        void this.#look(id);
      },
      onEvent: (event) => this.#take(id, event),
      onSignal: (signal) => this.#set(withSignal(this.#glass, signal)),
      onHead: () => undefined,
      onOver: () => this.#set({ session: null, chosen: null }),
    });
  }

  #take(id: string, event: SessionEvent): void {
    this.#set(withEvent(this.#glass, event));
    if (!this.#isLooking) void this.#look(id);
  }

  #isLooking = false;

  /** Ask how the chat stands, and what its turns saw, until there is nothing newer. */
  async #look(id: string): Promise<void> {
    this.#isLooking = true;
    try {
      let seen: number;
      do {
        seen = this.#glass.events.length;
        const [session, { traces }] = await Promise.all([
          this.#get<SessionView>(`/v1/sessions/${id}`),
          this.#get<TraceList>(`/v1/sessions/${id}/traces`),
        ]);
        if (id !== this.#glass.session?.id) return;
        this.#set({ traces });
        this.#view(session);
      } while (this.#glass.events.length > seen);
    } catch {
      // The stream says when there is somebody to ask again.
    } finally {
      this.#isLooking = false;
    }
  }

  #view(session: SessionView): void {
    this.#set({ ...withServerTime(this.#glass, Date.parse(session.server_time), this.#browser.now()), session });
  }

  #get<Value>(path: string): Promise<Value> {
    return this.#ask<Value>("GET", path, undefined, this.key);
  }
}

function readNotes(): Notes {
  try {
    return { ...EMPTY.notes, ...JSON.parse(sessionStorage.getItem(NOTES) ?? "{}") };
  } catch {
    return EMPTY.notes;
  }
}

function detailOf(error: unknown): string {
  return error instanceof Refused ? error.problem.detail : "The server does not answer.";
}

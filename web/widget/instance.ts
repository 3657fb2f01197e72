// One widget on a page: what is open of it, and when it is drawn.

import type { Chat, State } from "../client/state";
import { type Announcer, announcer } from "./announcer";
import { type App, isWarned, type Mode, type Ui, UNTOUCHED } from "./app";
import { set } from "./dom";
import { Drawing } from "./drawing";
import { eventually } from "./eventually";
import { Frames } from "./frames";
import { Fullscreen } from "./fullscreen";
import { hearing } from "./hearing";
import { launcherIn } from "./launching";
import { fetchRest } from "./lazy-parts";
import { ENGLISH } from "./locale";
import { en } from "./locale/en";
import type { Locale } from "./locale/texts";
import type { Options } from "./options";
import { Remembrance } from "./remembrance";
import { isSmallScreen } from "./screens";
import { Look } from "./theme";
import type { Mark } from "./title";
import { Words } from "./words";

/** What a widget tells whoever put it on the page. */
export interface Page {
  toggled(isOpen: boolean): void;
  /** What waits in it that nobody sees; undefined once there is no widget. */
  waits(widget: Instance, mark: Mark | undefined): void;
}

export class Instance implements App {
  readonly announcer: Announcer = announcer();
  readonly mode: Mode;
  readonly inbox: string;
  readonly look: Look;
  words = new Words(ENGLISH, en);
  ui = UNTOUCHED;
  readonly #frames = new Frames(() => this.#draw());
  readonly #memory: Remembrance;
  readonly #drawing: Drawing;
  readonly #fullscreen: Fullscreen;
  readonly #ends: (() => void)[] = [];
  /** Whoever opened the chat goes on in it, once it is there. */
  #isAwaited = false;

  constructor(
    readonly host: HTMLElement,
    root: ShadowRoot,
    readonly chat: Chat,
    options: Options,
    private readonly page: Page,
  ) {
    this.inbox = options.inbox;
    this.mode = options.mode ?? "float";
    this.#memory = new Remembrance(options.inbox);
    this.#drawing = new Drawing(root, this);
    this.#fullscreen = new Fullscreen(host, options.history !== "off", () => this.toggle(false));
    this.look = new Look([this.#drawing.frame, launcherIn(root)], options.theme ?? null);
    document.addEventListener("visibilitychange", this.redraw);
    const unlisten = () => document.removeEventListener("visibilitychange", this.redraw);
    this.#ends.push(chat.subscribe(this.redraw), unlisten, () => this.look.end());
    if (this.#isReopened || this.mode !== "float" || launcherIn(root).matches(":hover, :focus")) this.prepare();
  }

  get isShown(): boolean {
    return this.ui.isOpen || this.mode !== "float";
  }

  now(): number {
    return Date.now();
  }

  /** Draw everything in this language from now on. */
  speak(locale: Locale): void {
    this.words = new Words(locale, en);
    this.#drawing.begin(this);
    hearing(this);
    if (this.isShown) this.#unfold();
    this.#drawn();
  }

  /** Take up what this tab was showing. */
  restore(): void {
    if (this.mode !== "float" || this.#memory.hasChat) this.#start();
    if (location.hash.startsWith("#chatsession-")) eventually(fetchRest, ({ arrive }) => arrive(this));
    if (!this.ui.isOpen && this.#isReopened) this.#open(true);
  }

  change(ui: Partial<Ui>): void {
    this.ui = { ...this.ui, ...ui };
    this.redraw();
  }

  toggle(isOpen: boolean): void {
    if (this.mode !== "float" || isOpen === this.ui.isOpen) return;
    this.#open(isOpen);
    this.#draw();
    this.#focus();
  }

  agree(): void {
    const { consent } = this.chat.getState().config ?? {};
    this.#memory.agree(consent?.text ?? "", new Date(this.now()).toISOString());
    this.change({ hasAgreed: true });
    this.#draw();
    this.#drawing.focus("textarea");
  }

  /** Nothing here is of the visitor any more who leaves. */
  forget(): void {
    this.#memory.forget();
    const { isOpen, isFull, isAway } = this.ui;
    this.change({ ...UNTOUCHED, isOpen, isFull, isAway });
  }

  prepare(): void {
    this.#drawing.prepare();
  }

  adopt(styles: string): void {
    this.#drawing.adopt(styles);
  }

  readonly redraw = (): void => this.#frames.ask();

  until(stop: () => void): void {
    this.#drawing.until(stop);
  }

  end(): void {
    this.#frames.end();
    for (const stop of this.#ends) stop();
    this.#fullscreen.end();
    this.page.waits(this, undefined);
    this.#drawing.clear();
  }

  /** Whether it was open on the page before this one; on a phone it would hide the page. */
  get #isReopened(): boolean {
    return this.mode === "float" && this.#memory.wasOpen && !isSmallScreen();
  }

  /** Where somebody who opened or closed the chat goes on; as soon as that is there. */
  #focus(): void {
    this.#isAwaited = this.isShown && !this.#drawing.panel;
    // The field may not be there; and on a phone the keyboard would hide what there is to read.
    const inside = this.ui.isFull ? [".panel"] : [".panel", "textarea"];
    this.#drawing.focus(...(this.isShown ? inside : [".launcher"]));
  }

  #start(): void {
    this.change({ isReturning: this.#memory.hasChat });
    void this.chat.start().finally(() => this.change({ isReturning: false }));
  }

  #draw(): void {
    const state = this.chat.getState();
    if (state.config) this.#heed(state.config);
    // Whoever was at something that is gone now goes on in the chat, not at the top of the page.
    if (this.#drawing.update(state)) this.#focus();
    const isSeen = document.visibilityState === "visible" && this.isShown;
    if (isSeen && state.unread) this.chat.read();
    this.page.waits(this, isSeen ? null : state.unread || (isWarned(state) ? "!" : null));
  }

  #heed({ theme, texts, consent }: NonNullable<State["config"]>): void {
    this.look.take(theme);
    this.words.reword(texts);
    if (consent && !this.ui.hasAgreed && this.#memory.agreedAt(consent.text)) this.ui = { ...this.ui, hasAgreed: true };
  }

  #open(isOpen: boolean): void {
    this.#memory.wasOpen = isOpen;
    const isFull = isOpen && isSmallScreen();
    this.change({ isOpen, isFull, isMenuOpen: false });
    set(this.#drawing.frame, { "data-full": isFull });
    this.#fullscreen.end();
    if (isFull) this.#fullscreen.begin(() => this.#drawing.panel);
    if (isOpen) {
      this.#unfold();
      this.#start();
      fetchAll();
    }
    this.page.toggled(isOpen);
  }

  #unfold(): void {
    const onFailed = () => this.change({ isAway: true });
    this.#drawing.unfold(this, () => this.#drawn(), onFailed);
  }

  /** Something was drawn anew. */
  #drawn(): void {
    if (this.ui.isAway) this.change({ isAway: false });
    this.#draw();
    if (this.#isAwaited) this.#focus();
    if (this.ui.isFull) this.#fullscreen.begin(() => this.#drawing.panel);
  }
}

/** What may be needed later is fetched when nothing else is to be done. */
function fetchAll(): void {
  const whenIdle = globalThis.requestIdleCallback ?? setTimeout;
  whenIdle(() => eventually(fetchRest, () => undefined));
}

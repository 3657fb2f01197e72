// One widget on a page: what is open of it, and when it is drawn.

import type { Chat } from "../client/state";
import { type Announcer, announcer } from "./announcer";
import { type App, isWarned, type Mode, type Ui, UNTOUCHED } from "./app";
import { set } from "./dom";
import { Drawing } from "./drawing";
import { eventually } from "./eventually";
import { Frames } from "./frames";
import { launcherIn } from "./launching";
import { ENGLISH } from "./locale";
import { en } from "./locale/en";
import type { Locale } from "./locale/texts";
import type { Options } from "./options";
import { Remembrance } from "./remembrance";
import { isSmallScreen } from "./screens";
import { Look } from "./theme";
import { markTitle } from "./title";
import { Words } from "./words";

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
  readonly #ends: (() => void)[] = [];
  #isAwaited = false;
  #uncover: (() => void) | null = null;

  constructor(
    readonly host: HTMLElement,
    root: ShadowRoot,
    readonly chat: Chat,
    private readonly options: Options,
    private readonly onToggle: (isOpen: boolean) => void,
  ) {
    this.inbox = options.inbox;
    this.mode = options.mode ?? "float";
    this.#memory = new Remembrance(options.inbox);
    this.#drawing = new Drawing(root, this);
    this.look = new Look([this.#drawing.frame, launcherIn(root)], options.theme ?? null);
    document.addEventListener("visibilitychange", this.redraw);
    const unlisten = () => document.removeEventListener("visibilitychange", this.redraw);
    this.#ends.push(chat.subscribe(this.redraw), unlisten, () => this.look.end());
  }

  now(): number {
    return Date.now();
  }

  /** Draw everything in this language from now on. */
  speak(locale: Locale): void {
    this.words = new Words(locale, en);
    this.#drawing.begin(this);
    this.#draw();
    if (this.#isAwaited) this.#focus();
    if (this.ui.isFull && !this.#uncover) this.#cover();
  }

  /** Take up what this tab was showing. */
  restore(): void {
    if (this.mode !== "float" || this.#memory.hasChat) this.#start();
    if (location.hash.startsWith("#chatsession-")) this.#come();
    if (this.mode === "float" && !this.ui.isOpen && this.#memory.wasOpen && !isSmallScreen()) this.#open(true);
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
    this.change({ ...UNTOUCHED, isOpen: this.ui.isOpen, isFull: this.ui.isFull });
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
    this.#uncover?.();
    markTitle(null);
    this.#drawing.clear();
  }

  get #isShown(): boolean {
    return this.ui.isOpen || this.mode !== "float";
  }

  /** Where somebody who opened or closed the chat goes on; as soon as that is there. */
  #focus(): void {
    this.#isAwaited = !this.#drawing.panel;
    // The field may not be there; and on a phone the keyboard would hide what there is to read.
    const inside = this.ui.isFull ? [".panel"] : [".panel", "textarea"];
    this.#drawing.focus(...(this.#isShown ? inside : [".launcher"]));
  }

  #start(): void {
    this.change({ isReturning: this.#memory.hasChat });
    void this.chat.start().finally(() => this.change({ isReturning: false }));
  }

  #draw(): void {
    const state = this.chat.getState();
    if (state.config) {
      this.look.take(state.config.theme);
      this.words.reword(state.config.texts);
      const { consent } = state.config;
      if (consent && !this.ui.hasAgreed && this.#memory.agreedAt(consent.text))
        this.ui = { ...this.ui, hasAgreed: true };
    }
    // Whoever was at something that is gone now goes on in the chat, not at the top of the page.
    if (this.#drawing.update(state)) this.#focus();
    const isSeen = document.visibilityState === "visible" && this.#isShown;
    if (isSeen && state.unread) this.chat.read();
    markTitle(isSeen ? null : state.unread || (isWarned(state) ? "!" : null));
  }

  #open(isOpen: boolean): void {
    this.#memory.wasOpen = isOpen;
    const isFull = isOpen && isSmallScreen();
    this.change({ isOpen, isFull, isMenuOpen: false });
    set(this.#drawing.frame, { "data-full": isFull });
    this.#uncover?.();
    this.#uncover = null;
    if (isFull) this.#cover();
    if (isOpen) {
      this.#start();
      eventually(
        () => import("./rest"),
        ({ fetchRest }) => void fetchRest(),
      );
    }
    this.onToggle(isOpen);
  }

  /** The page was opened with a link that brings a chat along. */
  #come(): void {
    eventually(
      () => import("./elsewhere"),
      ({ takeSecret }) => {
        const secret = takeSecret(this.inbox);
        if (!secret) return;
        this.toggle(true);
        this.change({ secret, page: "elsewhere" });
      },
    );
  }

  #cover(): void {
    eventually(
      () => import("./covering"),
      ({ cover }) => {
        // It may have been closed, covered or ended while this was on its way.
        const { panel } = this.#drawing;
        if (!panel || !this.ui.isFull || this.#uncover) return;
        this.#uncover = cover(this.host, panel, this.options.history !== "off", () => this.toggle(false));
      },
    );
  }
}

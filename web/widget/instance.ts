// One widget on a page: its views, what is open, and how it is drawn.

import type { Chat } from "../client/state";
import { type Announcer, announcer } from "./announcer";
import { type App, isWarned, type Mode, type Ui, UNTOUCHED, type View } from "./app";
import { fill, h, set } from "./dom";
import { Frames } from "./frames";
import { keepKeys } from "./keys";
import { launcherIn, sheetOf } from "./launching";
import { ENGLISH } from "./locale";
import { en } from "./locale/en";
import type { Locale } from "./locale/texts";
import type { Options } from "./options";
import { Remembrance } from "./remembrance";
import { isSmallScreen } from "./screens";
import { Look } from "./theme";
import { markTitle } from "./title";
import { launcher } from "./views/launcher";
import { panel } from "./views/panel";
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
  readonly #frame = h("div", { class: "frame" });
  /** The styles of the launcher, where the loader painted one. */
  readonly #painted: readonly CSSStyleSheet[];
  readonly #styles = new Set<string>();
  readonly #ends: (() => void)[] = [];
  #endsOfDrawing: (() => void)[] = [];
  #views: readonly View[] = [];
  #isAwaited = false;
  #uncover: (() => void) | null = null;

  constructor(
    readonly host: HTMLElement,
    private readonly root: ShadowRoot,
    readonly chat: Chat,
    private readonly options: Options,
    private readonly onToggle: (isOpen: boolean) => void,
  ) {
    this.inbox = options.inbox;
    this.#painted = [...root.adoptedStyleSheets];
    this.mode = options.mode ?? "float";
    this.#memory = new Remembrance(options.inbox);
    set(this.#frame, { "data-mode": this.mode });
    this.look = new Look([this.#frame, launcherIn(root)], options.theme ?? null);
    this.root.append(this.#frame, this.announcer.node);
    keepKeys(root, this.#frame);
    document.addEventListener("visibilitychange", this.redraw);
    const unlisten = () => document.removeEventListener("visibilitychange", this.redraw);
    this.#ends.push(chat.subscribe(this.redraw), unlisten, () => this.look.end());
  }

  now(): number {
    return Date.now();
  }

  /** Draw everything in this language from now on. */
  speak(locale: Locale): void {
    this.#stopDrawing();
    this.words = new Words(locale, en);
    this.#styles.clear();
    this.root.adoptedStyleSheets = [...this.#painted];
    set(this.#frame, { lang: locale.tag });
    // The launcher stays where it is: somebody may be about to press it.
    this.#views = [launcher(this, this.root), panel(this)];
    fill(this.#frame, [this.#views[1]?.node]);
    this.#draw();
    if (this.#isAwaited) this.#focus();
    if (this.ui.isFull && !this.#uncover) void this.#cover();
  }

  /** Take up what this tab was showing. */
  restore(): void {
    if (this.mode !== "float" || this.#memory.hasChat) this.#start();
    if (location.hash.startsWith("#chatsession-")) void this.#come();
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
    this.root.querySelector("textarea")?.focus();
  }

  /** Nothing here is of the visitor any more who leaves. */
  forget(): void {
    this.#memory.forget();
    this.change({ ...UNTOUCHED, isOpen: this.ui.isOpen, isFull: this.ui.isFull });
  }

  adopt(styles: string): void {
    if (this.#styles.has(styles)) return;
    this.#styles.add(styles);
    this.root.adoptedStyleSheets.push(sheetOf(styles));
  }

  readonly redraw = (): void => this.#frames.ask();

  until(stop: () => void): void {
    this.#endsOfDrawing.push(stop);
  }

  end(): void {
    this.#frames.end();
    this.#stopDrawing();
    for (const stop of this.#ends) stop();
    this.#uncover?.();
    markTitle(null);
    // The page may put the element back: then it begins anew.
    this.root.replaceChildren();
    this.root.adoptedStyleSheets = [];
  }

  #stopDrawing(): void {
    for (const stop of this.#endsOfDrawing) stop();
    this.#endsOfDrawing = [];
  }

  get #isShown(): boolean {
    return this.ui.isOpen || this.mode !== "float";
  }

  /** Where somebody who opened or closed the chat goes on; as soon as that is there. */
  #focus(): void {
    this.#isAwaited = this.#views.length === 0;
    // The field may not be there; and on a phone the keyboard would hide what there is to read.
    const inside = this.ui.isFull ? [".panel"] : [".panel", "textarea"];
    for (const target of this.#isShown ? inside : [".launcher"])
      this.root.querySelector<HTMLElement>(target)?.focus({ preventScroll: true });
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
    const { activeElement } = this.root;
    for (const view of this.#views) view.update(state);
    // Whoever was at something that is gone now goes on in the chat, not at the top of the page.
    if (activeElement?.checkVisibility?.() === false) this.#focus();
    const isSeen = document.visibilityState === "visible" && this.#isShown;
    if (isSeen && state.unread) this.chat.read();
    markTitle(isSeen ? null : state.unread || (isWarned(state) ? "!" : null));
  }

  #open(isOpen: boolean): void {
    this.#memory.wasOpen = isOpen;
    const isFull = isOpen && isSmallScreen();
    this.change({ isOpen, isFull, isMenuOpen: false });
    set(this.#frame, { "data-full": isFull });
    this.#uncover?.();
    this.#uncover = null;
    if (isFull) void this.#cover();
    if (isOpen) {
      this.#start();
      void import("./rest").then(({ fetchRest }) => fetchRest());
    }
    this.onToggle(isOpen);
  }

  /** The page was opened with a link that brings a chat along. */
  async #come(): Promise<void> {
    const { takeSecret } = await import("./elsewhere");
    const secret = takeSecret(this.inbox);
    if (!secret) return;
    this.toggle(true);
    this.change({ secret, page: "elsewhere" });
  }

  async #cover(): Promise<void> {
    const { cover } = await import("./covering");
    const panel = this.#views[1]?.node;
    if (!panel || !this.ui.isFull || this.#uncover) return;
    this.#uncover = cover(this.host, panel, this.options.history !== "off", () => this.toggle(false));
  }
}

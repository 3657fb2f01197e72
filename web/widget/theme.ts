// The colours of the widget: the page's tokens first, then the inbox's theme, then ours.

import type { Colours as WidgetColours, Theme as WidgetTheme } from "../client/wire";

export type Scheme = "auto" | "light" | "dark";

const NAMES = ["primary", "on_primary", "surface", "text", "muted", "line", "me", "on_me", "them", "danger"] as const;

/** Draws one widget's colours on its outermost node, and again whenever the visitor's system changes. */
export class Look {
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");
  #theme: WidgetTheme | null = null;
  #scheme: Scheme | null;

  constructor(
    private readonly node: HTMLElement,
    scheme: Scheme | null,
  ) {
    this.#scheme = scheme;
    this.#dark.addEventListener("change", this.#draw);
    this.#draw();
  }

  /** The page's wish goes before the inbox's. */
  choose(scheme: Scheme | null): void {
    this.#scheme = scheme;
    this.#draw();
  }

  take(theme: WidgetTheme): void {
    if (theme === this.#theme) return;
    this.#theme = theme;
    this.#draw();
  }

  end(): void {
    this.#dark.removeEventListener("change", this.#draw);
  }

  readonly #draw = (): void => {
    const scheme = this.#scheme ?? this.#theme?.scheme ?? "auto";
    const isDark = scheme === "auto" ? this.#dark.matches : scheme === "dark";
    const { style, dataset } = this.node;
    dataset["scheme"] = isDark ? "dark" : "light";
    const colours: WidgetColours | undefined = this.#theme?.[isDark ? "dark" : "light"];
    // Set one by one as values, never written into a style sheet: a colour cannot become a rule.
    for (const name of NAMES) style.setProperty(`--in-${name.replace("_", "-")}`, colours?.[name] ?? "");
    style.setProperty("--in-radius", this.#theme ? `${this.#theme.radius}px` : "");
    style.setProperty("--in-font", this.#theme?.font ?? "");
    // Few pages give colours of their own: what can be read on those is found out by a part of its own.
    const given = getComputedStyle(this.node);
    if (given.getPropertyValue("--cs-primary") || given.getPropertyValue("--cs-me")) {
      void import("./colour").then(({ makeReadable }) => makeReadable(this.node, given));
    }
  };
}

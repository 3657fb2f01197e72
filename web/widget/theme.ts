// The colours of the widget: the page's tokens first, then the inbox's theme, then ours.

import type { Colours as WidgetColours, Theme as WidgetTheme } from "../client/wire";
import { readableOn } from "./colour";

export type Scheme = "auto" | "light" | "dark";

const NAMES = ["primary", "on_primary", "surface", "text", "muted", "line", "me", "on_me", "them", "danger"] as const;
const PAIRS = [
  ["primary", "on-primary"],
  ["me", "on-me"],
] as const;

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
    this.#makeReadable();
  };

  /** Where the page gives a colour and not what is written on it, we find that. */
  #makeReadable(): void {
    const { style } = this.node;
    const given = getComputedStyle(this.node);
    for (const [name, on] of PAIRS) {
      if (!given.getPropertyValue(`--cs-${name}`).trim() || given.getPropertyValue(`--cs-${on}`).trim()) continue;
      style.color = `var(--cs-${name})`;
      const readable = readableOn(getComputedStyle(this.node).color);
      style.color = "";
      if (readable) style.setProperty(`--in-${on}`, readable);
    }
  }
}

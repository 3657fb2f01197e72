// The colours of the widget: the page's tokens first, then the inbox's theme, then ours.

import type { Theme } from "../client/wire";
import { eventually } from "./eventually";

export type Scheme = "auto" | "light" | "dark";

const NAMES = ["primary", "on_primary", "surface", "text", "muted", "line", "me", "on_me", "them", "danger"] as const;

/** Draws one widget's colours on its outermost nodes, and again whenever the visitor's system changes. */
export class Look {
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");
  #theme: Theme | null = null;
  #scheme: Scheme | null;

  constructor(
    private readonly nodes: readonly HTMLElement[],
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

  take(theme: Theme): void {
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
    for (const node of this.nodes) paint(node, isDark ? "dark" : "light", this.#theme);
    // With the frame that is drawn anyway: asked for now, all styles of the page would be computed once more.
    requestAnimationFrame(() => this.nodes.forEach(adapt));
  };
}

function paint(node: HTMLElement, scheme: "dark" | "light", theme: Theme | null): void {
  const { style } = node;
  node.dataset["scheme"] = scheme;
  // Set one by one as values, never written into a style sheet: a colour cannot become a rule.
  for (const name of NAMES) style.setProperty(`--in-${name.replace("_", "-")}`, theme?.[scheme][name] ?? "");
  style.setProperty("--in-radius", theme ? `${theme.radius}px` : "");
  style.setProperty("--in-font", theme?.font ?? "");
}

/** Find what can be read on colours that the page gave. */
function adapt(node: HTMLElement): void {
  // Few pages give colours of their own: what can be read on those is found out by a part of its own.
  const given = getComputedStyle(node);
  if (given.getPropertyValue("--cs-primary") || given.getPropertyValue("--cs-me")) {
    eventually(
      () => import("./colour"),
      ({ makeReadable }) => makeReadable(node, given),
    );
  }
}

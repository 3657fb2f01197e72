// What can be read on a colour that the page gave.

/** Relative luminance (WCAG 2) of a computed colour, "rgb(…)"; null for anything else. */
export function luminance(computed: string): number | null {
  const parts = /^rgba?\(\s*([\d.]+)[,\s]+([\d.]+)[,\s]+([\d.]+)/.exec(computed)?.slice(1);
  if (!parts) return null;
  const [red = 0, green = 0, blue = 0] = parts.map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** The one that reads better. */
export function readableOn(computed: string): "#fff" | "#14161a" | null {
  const light = luminance(computed);
  if (light === null) return null;
  return contrast(light, 1) >= contrast(light, 0.008) ? "#fff" : "#14161a";
}

/** Where the page gives a colour and not what is written on it, find that; one's own bubbles follow the accent. */
export function makeReadable({ style }: HTMLElement, given: CSSStyleDeclaration): void {
  const has = (name: string) => !!given.getPropertyValue(name).trim();
  for (const name of ["primary", "me"]) {
    // Where the inbox chose the colour of the bubbles they do not follow the page's accent.
    if (name === "me" && !has("--cs-me") && style.getPropertyValue("--in-me")) continue;
    const source = has(`--cs-${name}`) ? `--cs-${name}` : "--cs-primary";
    if (!has(source) || has(`--cs-on-${name}`)) continue;
    style.color = `var(${source})`;
    const readable = readableOn(given.color);
    style.color = "";
    if (readable) style.setProperty(`--in-on-${name}`, readable);
  }
}

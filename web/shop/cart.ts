// The shop's cart. It is kept in the visitor's browser alone: no cookie, no request.

export interface Line {
  readonly product: string;
  readonly name: string;
  readonly size: string;
  readonly euros: number;
}

const KEY = "wollgrat:cart";
const LINES_MAX = 50;

export function read(): readonly Line[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isLine) : [];
  } catch {
    // Storage is refused, or holds what is not ours: the cart is empty.
    return [];
  }
}

function isLine(value: unknown): value is Line {
  const line = value as Partial<Line> | null;
  return typeof line?.name === "string" && /^[a-z-]+$/.test(String(line.product)) && Number.isFinite(line.euros);
}

export function write(lines: readonly Line[]): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify(lines.slice(-LINES_MAX)));
    return true;
  } catch {
    return false;
  }
}

// What is being written and not sent: kept for a day, so that no closed page costs it.

import type { Shelf } from "./storage";

export const DRAFT = "d";
export const DRAFT_MS_MAX = 24 * 3_600_000;

interface Kept {
  readonly text: string;
  readonly at: number;
}

export function keepDraft(shelf: Shelf, text: string, nowMs: number): void {
  if (text) shelf.set(DRAFT, { text, at: nowMs } satisfies Kept);
  else shelf.drop(DRAFT);
}

export function keptDraft(shelf: Shelf, nowMs: number): string {
  const kept = shelf.get<Kept>(DRAFT);
  return kept && nowMs - kept.at < DRAFT_MS_MAX ? kept.text : "";
}

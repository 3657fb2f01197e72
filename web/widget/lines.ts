// The transcript as lines, one below the other: who begins a group, where a day begins, what stands at the end.

import type { Item, Message, MessagePart, Notice, Pending, Removed } from "../client/items";
import type { State, Typing, Writing } from "../client/state";
import type { AuthorKind } from "../client/wire";

/** Messages of one author this close to each other are one group. */
export const GROUP_MS = 3 * 60_000;

export interface Bubble {
  readonly kind: "bubble";
  readonly key: string;
  readonly by: AuthorKind;
  readonly atMs: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly message: Message | null;
  readonly pending: Pending | null;
}

export type Line =
  | Bubble
  | { readonly kind: "day"; readonly key: string; readonly atMs: number }
  | { readonly kind: "notice"; readonly key: string; readonly notice: Notice; readonly canRetry: boolean }
  | { readonly kind: "removed"; readonly key: string; readonly item: Removed }
  | { readonly kind: "writing"; readonly key: string; readonly writing: Writing; readonly isFirst: boolean }
  | { readonly kind: "typing"; readonly key: string; readonly typing: Typing; readonly isFirst: boolean }
  | { readonly kind: "replies"; readonly key: string; readonly options: readonly string[] };

/** A notice nobody needs is no line. */
export function lines(state: State, isTold: (notice: Notice) => boolean): Line[] {
  const found: Line[] = [];
  let day = "";
  const shown = state.items.filter((item) => item.kind !== "notice" || isTold(item));
  const newest = shown.at(-1);
  for (const item of shown) {
    const atMs = Date.parse(item.at);
    const date = new Date(atMs).toDateString();
    if (date !== day) found.push({ kind: "day", key: `d${date}`, atMs });
    day = date;
    found.push(lineOf(item, found.at(-1), item === newest && !!state.session?.can_retry));
  }
  for (const pending of state.pending) found.push(bubble({ pending, message: null }, found.at(-1)));
  return grouped([...found, ...ahead(state, found.at(-1))]);
}

function lineOf(item: Item, before: Line | undefined, canRetry: boolean): Line {
  if (item.kind === "message") return bubble({ message: item, pending: null }, before);
  if (item.kind === "removed") return { kind: "removed", key: item.key, item };
  return { kind: "notice", key: item.key, notice: item, canRetry };
}

function bubble(of: Pick<Bubble, "message" | "pending">, before: Line | undefined): Bubble {
  const { message, pending } = of;
  const by = message?.by ?? "visitor";
  const atMs = message ? Date.parse(message.at) : (pending?.at ?? 0);
  const key = message?.key ?? pending?.clientId ?? "";
  return { kind: "bubble", key, by, atMs, isFirst: !isGroup(before, by, atMs), isLast: true, ...of };
}

function isGroup(before: Line | undefined, by: AuthorKind, atMs: number): boolean {
  return before?.kind === "bubble" && before.by === by && atMs - before.atMs < GROUP_MS;
}

/** What is on its way: an answer, somebody's typing, or the replies to choose from. */
function ahead(state: State, before: Line | undefined): Line[] {
  const { writing, typing } = state;
  const isFirst = (by: AuthorKind) => !(before?.kind === "bubble" && before.by === by);
  if (writing) return [{ kind: "writing", key: `w${writing.turn}`, writing, isFirst: isFirst("bot") }];
  if (typing) return [{ kind: "typing", key: "typing", typing, isFirst: isFirst(typing.by) }];
  const options = before?.kind === "bubble" && before.by !== "visitor" ? repliesOf(before.message) : [];
  return options.length && state.session?.phase === "open" ? [{ kind: "replies", key: "replies", options }] : [];
}

function repliesOf(message: Message | null): readonly string[] {
  const part = message?.parts.find(({ kind }) => kind === "quick_replies");
  return listOf(part, "options").filter((option): option is string => typeof option === "string");
}

/** A list within a part; what is none is an empty one. */
export function listOf(part: MessagePart | undefined, name: string): readonly unknown[] {
  const value = part?.[name];
  return Array.isArray(value) ? value : [];
}

function grouped(all: readonly Line[]): Line[] {
  return all.map((line, index) => {
    const next = all[index + 1];
    const goesOn = next?.kind === "bubble" && !next.isFirst;
    return line.kind === "bubble" && goesOn ? { ...line, isLast: false } : line;
  });
}

/** Whether two lines look the same. */
export function isSame(one: Line, other: Line): boolean {
  const [a, b] = [one, other] as unknown as [Record<string, unknown>, Record<string, unknown>];
  return Object.keys(a).every((name) => a[name] === b[name]);
}

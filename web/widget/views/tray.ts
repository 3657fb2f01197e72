// The files on their way: each until it is sent, or with why it cannot be.

import type { MessagePart } from "../../client/items";
import type { FilesAllowed } from "../../client/wire";
import type { App } from "../app";
import { h, icon, set, tell } from "../dom";
import { bytesOf } from "../formats";
import { CLOSE } from "../icons";
import { FILE } from "../icons-more";
import type { Words } from "../words";
import { button, iconButton } from "./buttons";

/** A message takes so many. */
export const FILES_PER_MESSAGE_MAX = 16;

export interface Tray {
  readonly node: HTMLElement;
  take(files: readonly File[]): void;
}

export function tray(app: App): Tray {
  const { announcer, chat, words } = app;
  const node = h("ul", { class: "tray", hidden: true });
  const watch = new MutationObserver(() => (node.hidden = !node.firstChild));
  watch.observe(node, { childList: true });
  // One after the other: the server takes few at a time, and order is kept.
  let last: Promise<void> = Promise.resolve();
  const bring = (rows: readonly Row[]) => {
    for (const row of rows) row.waits();
    const names = rows.map(({ file }) => file.name).join(", ");
    announcer.say(words.say("file_sending", { name: names }));
    last = last.then(() => send(app, rows));
  };
  const take = (files: readonly File[]) => {
    const rows = files.map((file) => rowOf(app, file, (row) => bring([row])));
    node.append(...rows.map((row) => row.node));
    const allowed = chat.getState().config?.files ?? null;
    const good = rows.filter((row) => !row.isRefused(refusalOf(words, row.file, allowed)));
    for (let at = 0; at < good.length; at += FILES_PER_MESSAGE_MAX) bring(good.slice(at, at + FILES_PER_MESSAGE_MAX));
  };
  let visitor = chat.getState().who?.id;
  app.until(
    chat.subscribe(({ who }) => {
      // What somebody wanted to send is not for whoever comes after them.
      if (visitor && who?.id !== visitor) node.replaceChildren();
      visitor = who?.id;
    }),
  );
  return { node, take };
}

interface Row {
  readonly file: File;
  readonly node: HTMLElement;
  waits(): void;
  /** Whether there is a reason; then it is shown, with another try where that may help. */
  isRefused(why: string | null, again?: boolean): boolean;
}

function rowOf(app: App, file: File, retry: (row: Row) => void): Row {
  const { announcer, words } = app;
  const what = h("small");
  const again = button(words.say("retry"), () => retry(row), "plain");
  const leave = iconButton(words.say("dismiss"), CLOSE, () => {
    (node.getRootNode() as ShadowRoot).querySelector<HTMLElement>(".composer textarea")?.focus();
    node.remove();
  });
  const node = h("li", {}, icon(FILE), h("span", {}, h("bdi", {}, file.name), what), again, leave);
  const stands = (text: string, canRetry: boolean, isOver: boolean) => {
    tell(what, text);
    set(node, { class: isOver && "wrong", "aria-busy": !isOver && "true" });
    again.hidden = !canRetry;
    leave.hidden = !isOver;
  };
  const row: Row = {
    file,
    node,
    waits: () => stands(words.say("sending"), false, false),
    isRefused(why, canRetry = false) {
      if (!why) return false;
      stands(why, canRetry, true);
      announcer.alert(`${file.name}: ${why}`);
      return true;
    },
  };
  return row;
}

/** Bring the files to the server, and send those that arrived in one message. */
async function send({ chat, words }: App, rows: readonly Row[]): Promise<void> {
  const arrived = new Map<Row, MessagePart>();
  for (const row of rows) {
    const part = isWanted(row) && (await chat.upload(row.file));
    // Whoever wanted it may have left meanwhile.
    if (!isWanted(row)) continue;
    if (part) arrived.set(row, part);
    else row.isRefused(chat.getState().problem?.detail || words.say("failed"), true);
  }
  const wanted = [...arrived].filter(([row]) => isWanted(row));
  if (wanted.length) await chat.send("", { parts: wanted.map(([, part]) => part) });
  for (const [{ node }] of wanted) node.remove();
}

function isWanted({ node }: Row): boolean {
  return node.parentNode !== null;
}

/** Why the inbox does not take a file. */
function refusalOf(words: Words, { size, type }: File, allowed: FilesAllowed | null): string | null {
  if (!(allowed?.types as readonly string[] | undefined)?.includes(type))
    return words.say("file_type", { types: (allowed?.types ?? []).map(shortOf).join(", ") });
  return allowed && size > allowed.bytes_max
    ? words.say("file_size", { size: bytesOf(words, allowed.bytes_max) })
    : null;
}

function shortOf(type: string): string {
  return (type.split("/")[1] ?? type).toUpperCase();
}

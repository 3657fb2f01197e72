// A file that was sent, as it stands in a message.

import type { MessagePart } from "../../client/items";
import type { App } from "../app";
import { h, icon } from "../dom";
import { bytesOf } from "../formats";
import { FILE } from "../icons-more";
import { enMore } from "../locale/en-more";
import css from "./files.css?inline";

/** Its name and size; a click gets it. */
export function fileCard(app: App, part: MessagePart): HTMLElement {
  app.words.learn(enMore);
  app.adopt(css);
  const { words } = app;
  const name = String(part["name"] ?? words.say("file"));
  const size = typeof part["bytes"] === "number" ? bytesOf(words, part["bytes"]) : "";
  const get = () => void save(app, String(part["file"]), name);
  return h(
    "button",
    { type: "button", class: "file", click: get },
    icon(FILE),
    h("span", {}, h("bdi", {}, name), size && h("small", {}, size)),
  );
}

/** Files are saved, never opened within the page: nothing in them can run here. */
async function save(app: App, id: string, name: string): Promise<void> {
  const file = await app.chat.download(id);
  if (!file) return;
  const href = URL.createObjectURL(file);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

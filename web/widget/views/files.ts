// Files both ways: choosing one, and showing what was sent.

import type { MessagePart } from "../../client/items";
import type { App } from "../app";
import { h, icon } from "../dom";
import { bytesOf } from "../formats";
import { CLIP, FILE } from "../icons-more";
import { enMore } from "../locale/en-more";
import { iconButton } from "./buttons";
import css from "./files.css?inline";

/** The button that chooses a file; the field below takes pasted ones too. */
export function picker(app: App): HTMLElement {
  app.words.learn(enMore);
  app.adopt(css);
  const chooser = h("input", { type: "file", hidden: true, "aria-label": app.words.say("file_add") });
  const open = iconButton(app.words.say("file_add"), CLIP, () => {
    chooser.accept = (app.chat.getState().config?.files?.types ?? []).join(",");
    chooser.click();
  });
  chooser.addEventListener("change", () => {
    for (const file of chooser.files ?? []) void send(app, file);
    chooser.value = "";
  });
  return h("span", { class: "picker" }, open, chooser);
}

/** Send a file, unless it is one the inbox does not take. */
async function send(app: App, file: File): Promise<void> {
  const { words, announcer, chat } = app;
  const { config } = chat.getState();
  const allowed = config?.files;
  if (!allowed) return;
  if (!(allowed.types as readonly string[]).includes(file.type)) {
    return app.change({ complaint: words.say("file_type", { types: allowed.types.map(shortOf).join(", ") }) });
  }
  if (file.size > allowed.bytes_max) {
    return app.change({ complaint: words.say("file_size", { size: bytesOf(words, allowed.bytes_max) }) });
  }
  announcer.say(words.say("file_sending", { name: file.name }));
  await chat.upload(file);
}

function shortOf(type: string): string {
  return (type.split("/")[1] ?? type).toUpperCase();
}

/** What was sent: its name and size; a click gets it. */
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

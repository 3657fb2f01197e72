// Giving files along: chosen with the button, pasted into the field, or dropped on the chat.

import type { App, View } from "../app";
import { h } from "../dom";
import { CLIP } from "../icons-more";
import { enMore } from "../locale/en-more";
import { enTalk } from "../locale/en-talk";
import { iconButton } from "./buttons";
import { dropping } from "./dropping";
import css from "./files.css?inline";
import { tray } from "./tray";

/** The button; `composer` is where files are pasted, and what the files on their way stand above. */
export function attaching(composer: HTMLElement): (app: App) => View {
  return (app) => ({ node: picker(app, composer), update: () => undefined });
}

function picker(app: App, composer: HTMLElement): HTMLElement {
  const { words } = app;
  words.learn({ ...enTalk, ...enMore });
  app.adopt(css);
  const files = tray(app);
  composer.before(files.node, dropping(app, composer, files.take));
  composer.addEventListener("paste", (event) => {
    const pasted = filesIn(event.clipboardData);
    if (!pasted.length) return;
    event.preventDefault();
    files.take(pasted);
  });
  const chooser = h("input", { type: "file", multiple: true, hidden: true, "aria-label": words.say("file_add") });
  chooser.addEventListener("change", () => {
    files.take([...(chooser.files ?? [])]);
    chooser.value = "";
  });
  const open = iconButton(words.say("file_add"), CLIP, () => {
    chooser.accept = (app.chat.getState().config?.files?.types ?? []).join(",");
    chooser.click();
  });
  return h("span", { class: "picker" }, open, chooser);
}

/** The files that are meant: text copied from a table or a document brings a picture of itself along. */
function filesIn(clipboard: DataTransfer | null): File[] {
  const isText = ["text/plain", "text/html"].every((type) => clipboard?.types.includes(type));
  return clipboard && !isText ? [...clipboard.files] : [];
}

// Where files can be dropped: anywhere on the chat, and it shows while somebody holds one over it.

import { type App, needsConsent } from "../app";
import { h, icon } from "../dom";
import { CLIP } from "../icons-more";

export function dropping(app: App, composer: HTMLElement, take: (files: readonly File[]) => void): HTMLElement {
  const target = h(
    "div",
    { class: "drop", hidden: true, "aria-hidden": "true" },
    icon(CLIP),
    app.words.say("file_drop"),
  );
  const panel = composer.closest<HTMLElement>(".panel");
  panel?.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    // Else the browser would leave the page for the file.
    event.preventDefault();
    const isWelcome = canTake(app);
    if (event.dataTransfer) event.dataTransfer.dropEffect = isWelcome ? "copy" : "none";
    target.hidden = !isWelcome;
  });
  panel?.addEventListener("dragleave", ({ relatedTarget }) => {
    if (!panel.contains(relatedTarget as Node | null)) target.hidden = true;
  });
  panel?.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    target.hidden = true;
    if (canTake(app)) take([...(event.dataTransfer?.files ?? [])]);
  });
  return target;
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return !!dataTransfer?.types.includes("Files");
}

/** Whether a visitor could send a file right now. */
function canTake(app: App): boolean {
  const state = app.chat.getState();
  return !!state.config?.files && !needsConsent(app, state) && app.ui.page === "chat" && !state.past;
}

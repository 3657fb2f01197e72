// Where the visitor writes.

import { canResume } from "../../client/clocks";
import type { State } from "../../client/state";
import { type App, isOver, needsConsent, type View } from "../app";
import { h, icon, set } from "../dom";
import { SEND, STOP } from "../icons";
import { fetchRest } from "../lazy-parts";
import css from "./composer.css?inline";
import { ondemand } from "./ondemand";

export const CHARS_MAX = 16_000;

export function composer(app: App): View {
  app.adopt(css);
  const { words, chat } = app;
  const input = h("textarea", { rows: 1, maxlength: CHARS_MAX, "aria-label": words.say("message"), dir: "auto" });
  const act = h("button", { type: "submit", class: "send" }, icon(SEND), icon(STOP));
  /** The draft as it was shown or written here last. */
  let draft = "";
  /** Whether it was sent before it was known what the inbox asks of visitors first. */
  let isEarly = false;
  const submit = () => {
    const text = input.value.trim();
    const state = chat.getState();
    if (!text) return isAnswering(state) && void chat.stop();
    isEarly = !state.config && !state.session;
    if (isEarly) return;
    input.value = "";
    fit(input);
    input.focus();
    // It stays the draft until it is written down, and is only shown again if that fails.
    void chat.send(text).finally(() => {
      draft = input.value;
      app.redraw();
    });
    return app.redraw();
  };
  input.addEventListener("keydown", (event) => {
    if (!sends(event)) return;
    event.preventDefault();
    if (input.value.trim()) submit();
  });
  input.addEventListener("input", () => {
    fit(input);
    draft = input.value;
    chat.setDraft(draft);
    if (draft) chat.typing();
  });
  const onSubmit = (event: Event) => {
    event.preventDefault();
    submit();
  };
  const tools = ondemand(
    app,
    ({ config }) => !!config?.files,
    () => fetchRest().then(({ attaching }) => attaching(node)),
    "tools",
  );
  const node = h("form", { class: "composer", part: "composer", submit: onSubmit }, tools.node, input, act);
  return {
    node,
    update(state) {
      node.hidden = needsConsent(app, state);
      if (state.draft !== draft && takes(input, state)) {
        draft = state.draft;
        input.value = draft;
        fit(input);
      }
      set(input, { placeholder: placeholder(app, state) });
      const stops = isAnswering(state) && !input.value.trim();
      node.classList.toggle("stops", stops);
      set(act, {
        "aria-label": words.say(stops ? "stop" : "send"),
        "aria-disabled": !stops && !input.value.trim() && "true",
      });
      tools.update(state);
      if (isEarly && state.config) {
        isEarly = false;
        if (!node.hidden) submit();
      }
    },
  };
}

/** Enter sends, but not the Enter that ends the composing of a character. */
export function sends(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.altKey && !event.isComposing && event.keyCode !== 229;
}

function isAnswering({ writing, session }: State): boolean {
  return !!writing && session?.phase === "open" && session.floor === "bot";
}

/** Whether what was written elsewhere shows: not over what is being written here, but nothing stays of who left. */
function takes(input: HTMLTextAreaElement, { draft }: State): boolean {
  const isHere = (input.getRootNode() as ShadowRoot).activeElement === input;
  return !draft || !isHere || !input.value;
}

/** As high as the text, up to what the style allows. */
function fit(input: HTMLTextAreaElement): void {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight}px`;
}

function placeholder(app: App, state: State): string {
  if (!isOver(state)) return app.words.say("placeholder");
  const isSame = canResume(state, app.now()) && state.config?.on_return !== "new";
  return app.words.say(isSame ? "placeholder_resume" : "placeholder_new");
}

// Every clock that runs, counting down by the server's time.

import type { ClockView, SessionView } from "../../client/wire";
import { fill, h, tell } from "../../widget/dom";
import { type Glass, serverMs } from "../glass";
import { panel } from "./panel";

const EVERY_MS = 100;
const SECOND = 1_000;

interface Face {
  readonly clock: ClockView;
  readonly left: HTMLElement;
  readonly bar: HTMLProgressElement;
}

export function clocks(glass: () => Glass): { readonly node: HTMLElement; update(glass: Glass): void } {
  const list = h("ul", { class: "clocks" });
  const node = panel("clock", "What happens by itself", "", list);
  let faces: readonly Face[] = [];
  let shown = "";
  const tick = () => {
    for (const { clock, left, bar } of faces) {
      const ms = Math.max(0, Date.parse(clock.fires_at) - serverMs(glass(), Date.now()));
      tell(left, countdown(ms));
      bar.value = ms;
    }
  };
  const update = ({ session }: Glass) => {
    const running = session?.clocks ?? [];
    const key = JSON.stringify([running, session?.phase, session?.warned_at]);
    if (key === shown) return;
    shown = key;
    faces = running.map((clock) => face(clock));
    fill(list, session && running.length ? faces.map((each) => row(each, session)) : [none(session)]);
    tick();
  };
  setInterval(tick, EVERY_MS);
  return { node, update };
}

function face(clock: ClockView): Face {
  const max = Math.max(1, Date.parse(clock.fires_at) - Date.parse(clock.since));
  const bar = h("progress", { max, "aria-label": `Time left of ${clock.name}` });
  return { clock, left: h("b", { class: "left" }), bar };
}

function row({ clock, left, bar }: Face, session: SessionView): HTMLElement {
  const [runs, then] = inWords(clock, session);
  return h(
    "li",
    {},
    h("p", {}, h("span", {}, runs), left),
    bar,
    h("p", { class: "note" }, then, h("code", {}, clock.name)),
  );
}

function none(session: SessionView | null): HTMLElement {
  return h("li", { class: "empty" }, session ? "Nothing: no clock runs." : "No clock runs yet.");
}

/** What a clock counts towards, and what happens then. */
function inWords({ name }: ClockView, { warned_at }: SessionView): readonly [runs: string, then: string] {
  switch (name) {
    case "idle_timeout":
      return warned_at
        ? ["The chat closes in", "unless the visitor stays"]
        : ["The visitor is warned in", "unless they write"];
    case "max_duration":
      return [warned_at ? "The chat closes in" : "The visitor is warned in", "it has gone on for as long as it may"];
    case "bot_silence":
      return ["The bot has to speak within", "else it is asked again, or excused"];
    case "queue_wait":
      return ["Somebody has to come within", "else the visitor is told, and may choose"];
    case "agent_silence":
      return ["The person has to write within", "else they are reminded, then others are asked"];
    case "snoozed_until":
      return ["Put aside for", "then it waits for the person again"];
    case "resume_window":
      return ["The chat can go on for", "then it is filed away"];
    default:
      return ["The chat is erased in", "a receipt stays"];
  }
}

function countdown(ms: number): string {
  const seconds = Math.ceil(ms / SECOND);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const tail = `${String(minutes).padStart(hours ? 2 : 1, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  return hours ? `${hours}:${tail}` : tail;
}

// Every clock that runs, counting down by the server's time.

import type { ClockView, SessionView } from "../../client/wire";
import { fill, h, tell } from "../../widget/dom";
import { type Glass, serverMs } from "../glass";
import { panel } from "./panel";

const EVERY_MS = 250;
const SECOND = 1_000;

interface Face {
  readonly clock: ClockView;
  readonly left: HTMLElement;
  readonly bar: HTMLProgressElement;
}

export function clocks(glass: () => Glass): { readonly node: HTMLElement; update(glass: Glass): void } {
  const list = h("ul", { class: "clocks" });
  const node = panel("clock", "Clocks", "", list);
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
    faces = running.map(face);
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
  const name = h("code", {}, clock.name);
  return h("li", {}, h("p", {}, name, " ", left), bar, h("p", { class: "note" }, then(clock, session)));
}

function none(session: SessionView | null): HTMLElement {
  return h("li", { class: "empty" }, session ? "None runs: nothing will happen by itself." : "None yet.");
}

/** What happens when the clock fires. */
function then({ name }: ClockView, { warned_at }: SessionView): string {
  switch (name) {
    case "idle_timeout":
      return warned_at ? "then: close (timeout)" : "then: warn the visitor";
    case "max_duration":
      return warned_at ? "then: close (limit)" : "then: warn of the limit";
    case "bot_silence":
      return "then: second attempt, or apologise";
    case "queue_wait":
      return "then: tell the visitor the truth, and the choices";
    case "agent_silence":
      return "then: nudge the agent, then back to the queue";
    case "snoozed_until":
      return "then: wait for the agent again";
    case "resume_window":
      return "then: archive; the outcome settles";
    default:
      return "then: erase, with a receipt";
  }
}

function countdown(ms: number): string {
  const seconds = Math.ceil(ms / SECOND);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const tail = `${String(minutes).padStart(hours ? 2 : 1, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  return hours ? `${hours}:${tail}` : tail;
}

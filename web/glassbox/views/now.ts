// The state of the chat as a drawing, and what else there is to say of it.

import { type Child, fill, h } from "../../widget/dom";
import type { Glass } from "../glass";
import { clock, short } from "../sentences";
import { CLOSED, many, OUTCOMES, speaker } from "../words";
import { diagram } from "./diagram";
import { facts, panel } from "./panel";

const KEPT: Readonly<Record<NonNullable<Glass["durability"]>, string>> = {
  none: "nowhere but in memory",
  D1: "survives a killed server",
  D2: "survives a power cut",
  D3: "survives the loss of a machine",
};

export function state(): { readonly node: HTMLElement; update(glass: Glass): void } {
  const drawing = diagram();
  return {
    node: panel("now", "Where the chat is", "", drawing.node),
    update: ({ session }) => drawing.update(session),
  };
}

export function about(): { readonly node: HTMLElement; update(glass: Glass): void } {
  const rest = h("div");
  const node = panel("about", "The chat itself", "", rest);
  let shown = "";
  const update = (glass: Glass) => {
    const { session } = glass;
    const known = session ? rows(glass, session) : [];
    // Whoever is marking an id to copy it is not disturbed.
    const key = JSON.stringify([known, session?.id]);
    if (key === shown) return;
    shown = key;
    fill(rest, [facts([...(session ? ids(session) : []), ...known])]);
  };
  return { node, update };
}

function ids({ id, visitor }: NonNullable<Glass["session"]>): [string, Child][] {
  return [
    ["chat", h("code", {}, id)],
    ["visitor", h("code", {}, visitor)],
  ];
}

function rows({ durability }: Glass, session: NonNullable<Glass["session"]>): [string, string][] {
  const known: [string, string | null][] = [
    ["who answers", session.phase === "open" ? speaker(session.floor, session.agent_name) : null],
    ["taken up again", session.period > 1 ? many(session.period - 1, "time") : null],
    ["closed because", session.close_reason && CLOSED[session.close_reason]],
    ["what came of it", session.outcome && `${OUTCOMES[session.outcome]}${session.outcome_settled ? "" : ", so far"}`],
    ["can go on until", session.resumable_until && clock(session.resumable_until)],
    ["rules", short(session.policy)],
    ["each message", durability && KEPT[durability]],
  ];
  return known.filter((each): each is [string, string] => !!each[1]);
}

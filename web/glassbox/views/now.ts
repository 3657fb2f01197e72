// The state of the session as a drawing, and what else there is to say of it.

import { fill, h } from "../../widget/dom";
import type { Glass } from "../glass";
import { clock, short } from "../sentences";
import { diagram } from "./diagram";
import { facts, panel } from "./panel";

export function state(): { readonly node: HTMLElement; update(glass: Glass): void } {
  const drawing = diagram();
  return { node: panel("now", "State", "", drawing.node), update: ({ session }) => drawing.update(session) };
}

export function about(): { readonly node: HTMLElement; update(glass: Glass): void } {
  const rest = h("div");
  const node = panel("about", "Session", "", rest);
  const update = (glass: Glass) => {
    const { session } = glass;
    fill(rest, [session ? facts(rows(glass, session)) : h("p", { class: "empty" }, "None yet.")]);
  };
  return { node, update };
}

function rows({ durability }: Glass, session: NonNullable<Glass["session"]>): [string, string][] {
  const known: [string, string | null][] = [
    ["session", `${short(session.id)}, period ${session.period}`],
    ["visitor", short(session.visitor)],
    ["floor", `${session.agent_name ?? session.floor}, term ${session.term}`],
    ["close reason", session.close_reason],
    ["outcome", session.outcome && `${session.outcome}${session.outcome_settled ? ", settled" : ", provisional"}`],
    ["resumable until", session.resumable_until && clock(session.resumable_until)],
    ["policy", short(session.policy)],
    ["durability", durability],
  ];
  return known.filter((each): each is [string, string] => !!each[1]);
}

// @vitest-environment happy-dom

import { afterEach, describe, expect, it } from "vitest";
import { createChat } from "../../client/chat";
import type { Who } from "../../client/state";
import { COMMANDS } from "../../widget/commands";
import { Events } from "../../widget/events";
import type { Embedded } from "../../widget/registry";
import { World } from "../world";
import { type Stage, stage, strike } from "./stage";
import { session, state } from "./states";

afterEach(strike);

function embedded({ instance }: Stage): Embedded {
  return { instance, events: new Events(instance.host), end: () => instance.end() };
}

function somebody(id: string): Who {
  return { id, inbox: "support", name: null, identified: false, session: null };
}

describe("what a page tells of its visitor before there is a session", () => {
  it("is told of the first session, once", async () => {
    const shown = await stage(state());
    await COMMANDS.setContext(embedded(shown), { plan: "gold" });

    await shown.show({ session: session() });
    await shown.show({ session: session({ id: "ses_next" }) });

    expect(shown.chat.asked.filter(([act]) => act === "setContext")).toEqual([["setContext", { plan: "gold" }]]);
  });

  it("is not told of whoever comes after them", async () => {
    const shown = await stage(state());
    await COMMANDS.setContext(embedded(shown), { plan: "gold" });
    await COMMANDS.track(embedded(shown), "cart", ["blue socks"]);

    await COMMANDS.logout(embedded(shown));
    await shown.show({ session: session() });

    expect(shown.chat.asked.map(([act]) => act)).not.toContain("setContext");
  });

  it("is not told where they left in another tab", async () => {
    const shown = await stage(state({ who: somebody("vis_a") }));
    await COMMANDS.setContext(embedded(shown), { plan: "gold" });

    await shown.show({ who: null });
    await shown.show({ who: somebody("vis_b"), session: session() });

    expect(shown.chat.asked.map(([act]) => act)).not.toContain("setContext");
  });

  it("is not told where they left in another tab before the chat began in this one", async () => {
    const world = new World({ fetch: async () => new Response() });
    const shown = await stage(state());
    await COMMANDS.setContext(embedded(shown), { plan: "gold" });

    const elsewhere = { ...world.open(), storage: () => localStorage };
    await createChat({ inbox: "support", origin: "https://chat.example", browser: elsewhere }).logout();
    await shown.show({ who: somebody("vis_b"), session: session() });

    expect(shown.chat.asked.map(([act]) => act)).not.toContain("setContext");
  });
});

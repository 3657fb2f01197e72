// @vitest-environment happy-dom

import { afterEach, describe, expect, it } from "vitest";
import { SCENES } from "./gallery/scenes";
import { HOSTILE } from "./hostile";
import { stage, strike } from "./stage";
import { CONFIG, message, mine, session, state, thread } from "./states";

afterEach(strike);

describe("every scene", () => {
  it.each(Object.keys(SCENES))("is drawn: %s", async (name) => {
    const scene = SCENES[name];
    if (!scene) throw new Error(name);
    const { show, one } = await stage(state());

    await show(scene.state, scene.ui);

    expect(one(".panel").textContent).not.toContain("undefined");
    expect(one(".panel").textContent).not.toMatch(/\{\w+\}/);
    expect(one(".panel").textContent).not.toMatch(/\b(floor|period|fold)\b/i);
  });
});

describe("hostile text", () => {
  const FORBIDDEN = "script, iframe, object, embed, style, link, base, meta, img, video, audio, template, slot slot";

  function isHarmless(panel: Element): void {
    expect([...panel.querySelectorAll(FORBIDDEN)]).toEqual([]);
    for (const node of panel.querySelectorAll("*")) {
      for (const { name } of node.attributes) expect(name).not.toMatch(/^on|^style$|^src/);
    }
    for (const link of panel.querySelectorAll("a")) expect(link.href).toMatch(/^(https?:|mailto:)/);
  }

  it("stays text in messages, names, sources and replies", { timeout: 30_000 }, async () => {
    const items = HOSTILE.flatMap((text, at) => [
      mine(2 * at, text),
      message(2 * at + 1, { by: "agent", name: text, text, sources: [{ title: text, url: text, passage: text }] }),
    ]);
    const { one } = await stage(state({ session: session({ floor: "agent" }), items }));

    expect(one(".list").childElementCount).toBeGreaterThan(HOSTILE.length * 2);
    isHarmless(one(".panel"));
  });

  it.each(HOSTILE.slice(0, 60))("stays text in titles, files, forms and answers on their way: %j", async (text) => {
    const parts = [
      { kind: "file", file: "f1", name: text, type: text, bytes: 1 },
      { kind: "form", id: "f1", title: text, submit: text, fields: [{ name: "a", label: text, options: [text] }] },
      { kind: "quick_replies", options: [text] },
    ];
    const threads = [thread("thr_1", text, { current: true })];
    const config = { ...CONFIG, title: text, bot_name: text, privacy_link: text, threads: "manual" as const };
    const talk = state({
      config,
      session: session({ agent_name: text, threads }),
      items: [message(1, { text, parts })],
    });
    const { one, show } = await stage(talk);
    isHarmless(one(".panel"));

    const writing = { turn: 9, attempt: 1, text, working: text, chars: text.length, isBroken: false };
    await show({ writing }, { isMenuOpen: true });
    isHarmless(one(".panel"));
  });
});

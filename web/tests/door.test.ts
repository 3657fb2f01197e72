// A chat can be drawn and written to before its engine is there, and when it cannot be fetched.

import { expect, test } from "vitest";
import { createChat } from "../client/chat";
import { World } from "./world";

const unreachable = () => Promise.reject(new TypeError("Failed to fetch"));

function chat(fetchEngine = () => import("../client/engine")) {
  const world = new World({ fetch: unreachable });
  const options = { inbox: "shop", origin: "https://chat.example", browser: world.open() };
  return { world, chat: createChat(options, fetchEngine) };
}

test("nothing is fetched before the visitor acts", async () => {
  let fetched = 0;
  const { chat: quiet } = chat(() => {
    fetched += 1;
    return import("../client/engine");
  });

  quiet.subscribe(() => undefined);
  quiet.setDraft("Hel");
  await quiet.identify("a.b.c");

  expect(fetched).toBe(0);
  expect(quiet.getState()).toMatchObject({ draft: "Hel", link: "idle", session: null });
});

test("what was typed before is taken along", async () => {
  const { chat: shop } = chat();
  shop.setDraft("Hello, I w");

  await shop.start();

  expect(shop.getState().draft).toBe("Hello, I w");
});

test("what was sent while the engine cannot be fetched stays a draft, and is sent by the next try", async () => {
  let isThere = false;
  const { chat: shop, world } = chat(() => (isThere ? import("../client/engine") : unreachable()));

  await shop.send("Hello");
  const before = shop.getState();
  isThere = true;
  await shop.send("Hello");

  expect(before).toMatchObject({ draft: "Hello", problem: { act: "send", code: "unreachable" } });
  expect(shop.getState()).toMatchObject({ draft: "", pending: [{ text: "Hello" }] });
  expect([...world.kept.keys()].some((key) => key.startsWith("cs:shop:o:"))).toBe(true);
});

test("a chat that is over says and does nothing more", async () => {
  const { chat: shop, world } = chat();
  const seen: unknown[] = [];
  shop.subscribe((state) => seen.push(state));

  shop.destroy();
  await shop.send("Hello");

  expect(seen).toEqual([]);
  expect(world.requests).toEqual([]);
});

test("a chat that is over before its engine is there begins nothing", async () => {
  const { chat: shop, world } = chat();

  const beginning = shop.start();
  const sending = shop.send("Hello");
  shop.destroy();
  await Promise.all([beginning, sending]);

  expect(world.requests).toEqual([]);
  expect(world.kept.size).toBe(0);
});

// The client against the real server: how a chat ends, and what goes on after it.

import { describe, expect, test } from "vitest";
import { answers, browser, messages, sessionOf, shows, skip, talking } from "./browsing";
import { Server } from "./server";

const server = Server.forAll();

describe("the end", () => {
  test("is announced, put off, and comes with its reason; the chat can be taken up again", async () => {
    const shop = await talking(server);
    const id = sessionOf(shop.chat.getState());

    await skip(server, id, "warning");
    const warned = await shows(shop, "the warning", ({ session }) => session?.warned_at);
    await shop.chat.keepOpen();
    await shows(shop, "the lifting", ({ session }) => !session?.warned_at);
    await skip(server, id, "closing");
    const closed = await shows(shop, "the end", ({ session }) => session?.phase === "closed");
    await shop.chat.resume();
    const open = await shows(shop, "the return", ({ session }) => session?.phase === "open");

    expect(warned.session?.closes_because).toBe("timeout");
    expect(Date.parse(warned.session?.closes_at ?? "") - Date.now() - warned.skewMs).toBeGreaterThan(30_000);
    expect(closed.session).toMatchObject({ close_reason: "timeout", allowed: ["resume", "new"] });
    expect(sessionOf(open)).toBe(id);
  });

  test("does not swallow what was written while it came: the visitor decides where it goes", async () => {
    const world = browser();
    const shop = await talking(server, world);
    const id = sessionOf(shop.chat.getState());
    world.setOnline(false);
    await shop.chat.send("One more thing");
    await server.ask(server.keys.admin, "POST", `/v1/sessions/${id}/close`);

    world.setOnline(true);
    const held = await shows(shop, "the question", ({ pending }) => pending[0]?.status === "held");
    await shows(shop, "the end", ({ session }) => session?.phase === "closed");
    shop.chat.retry(held.pending[0]?.clientId ?? "");
    const state = await answers(shop, 2);

    expect(messages(state)).toContain("visitor: One more thing");
    expect(state.session).toMatchObject({ id, phase: "open", period: 2 });
  });

  test("a new chat can follow; the earlier one is listed and can be read", async () => {
    const shop = await talking(server);
    const first = sessionOf(shop.chat.getState());
    await shop.chat.close();

    await shop.chat.startNew();
    await shows(shop, "an empty chat", ({ session, items }) => session?.id !== first && items.length === 1);
    await shop.chat.listEarlier();
    await shop.chat.openEarlier(first);

    const { earlier, past } = shop.chat.getState();
    expect(earlier?.map(({ id }) => id)).toContain(first);
    expect(past?.items.flatMap((item) => (item.kind === "message" ? [item.text] : []))).toContain("Hello");
    await shop.chat.openEarlier(null);
    expect(shop.chat.getState().past).toBeNull();
  });
});

describe("a topic of an earlier chat", () => {
  test("goes on in the next one, with its name; what is said then belongs to it", async () => {
    const shop = await talking(server);
    const first = sessionOf(shop.chat.getState());
    await shop.chat.startThread("Broken lamp");
    const { session } = await shows(shop, "the topic", ({ session }) => session?.threads.length);
    const thread = session?.threads[0]?.id ?? "";
    await shop.chat.close();
    await shop.chat.startNew();
    await shows(shop, "an empty chat", ({ session }) => session?.id !== first);

    await shop.chat.continueThread(thread, first);
    await shop.chat.send("It flickers again");

    const state = await answers(shop, 1);
    expect(state.session?.threads).toMatchObject([
      { id: thread, title: "Broken lamp", current: true, continued_from: first },
    ]);
    expect(state.items.find((item) => item.kind === "message")).toMatchObject({ text: "It flickers again", thread });
  });

  test("opens a chat where none is open; where that is the same one again, the topic is current there", async () => {
    const shop = await talking(server);
    const id = sessionOf(shop.chat.getState());
    await shop.chat.startThread("Broken lamp");
    const { session } = await shows(shop, "the topic", ({ session }) => session?.threads.length);
    await shop.chat.close();

    await shop.chat.continueThread(session?.threads[0]?.id ?? "", id);

    const state = await shows(shop, "the return", ({ session }) => session?.phase === "open");
    expect(state).toMatchObject({
      session: { id, period: 2, threads: [{ current: true }] },
      past: null,
      problem: null,
    });
  });

  test("is nobody else's: it is refused, and said so", async () => {
    const other = await talking(server);
    await other.chat.startThread("A secret");
    const { session } = await shows(other, "the topic", ({ session }) => session?.threads.length);
    const shop = await talking(server);

    await shop.chat.continueThread(session?.threads[0]?.id ?? "", session?.id ?? "");

    const state = shop.chat.getState();
    expect(state).toMatchObject({ problem: { act: "continueThread", code: "not_found" }, session: { threads: [] } });
  });
});

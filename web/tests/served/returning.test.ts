// The client against the real server: coming back, whatever happened to page, network, storage and server.

import { describe, expect, test } from "vitest";
import { answers, browser, messages, page, sessionOf, shows, talking, WORDS } from "./browsing";
import { Server } from "./server";

const server = Server.forAll();

describe("coming back", () => {
  test("a page that is loaded anew in mid-answer shows the whole answer", async () => {
    const world = browser();
    const shop = await talking(server, world);
    await shop.chat.send("Tell me slowly");
    await shows(shop, "some words", ({ writing }) => (writing?.chars ?? 0) > 30);

    shop.tab.kill();
    const again = page(world, server);
    await again.chat.start();
    const writing = await shows(again, "the words so far", ({ writing }) => (writing?.chars ?? 0) > 30);
    const state = await answers(again, 2);

    expect(WORDS.startsWith(writing.writing?.text ?? "?")).toBe(true);
    expect(messages(state).at(-1)).toBe(`bot: ${WORDS}`);
    expect(state.unread).toBe(2);
  });

  test("what was written offline is delivered once after the browser was closed and opened again", async () => {
    const world = browser();
    const shop = await talking(server, world);
    world.setOnline(false);
    await shop.chat.send("Written in a tunnel");
    await shop.chat.send("And one more");
    shop.chat.setDraft("Half a sent");
    await shows(shop, "two pending", ({ pending }) => pending.length === 2);

    shop.tab.kill();
    world.setOnline(true);
    const again = page(world, server);
    await again.chat.start();
    const state = await shows(again, "both", (state) => !state.pending.length && messages(state).length >= 4);

    const own = messages(state).filter((text) => text.startsWith("visitor"));
    expect(own).toEqual(["visitor: Hello", "visitor: Written in a tunnel", "visitor: And one more"]);
    expect(state.draft).toBe("Half a sent");
  });

  test("what was written in another chat does not slip into this one", async () => {
    const world = browser();
    const shop = await talking(server, world);
    await shop.chat.startNew();
    world.setOnline(false);
    await shop.chat.send("Written elsewhere");
    const [pending] = (await shows(shop, "the pending", ({ pending }) => pending.length)).pending;
    world.kept.set(
      `cs:shop:o:${pending?.clientId}`,
      JSON.stringify({ ...pending, status: "queued", session: "ses_another" }),
    );
    shop.tab.kill();
    world.setOnline(true);

    const again = page(world, server);
    await again.chat.start();

    await shows(again, "the question", ({ pending }) => pending[0]?.status === "held");
    expect(world.requests.filter(({ path }) => path.includes("ses_another"))).toEqual([]);
  });

  test("offline is seen, and over at once when the network is back", async () => {
    const world = browser();
    const shop = await talking(server, world);

    world.setOnline(false);
    shop.tab.putAway();
    shop.tab.comeBack();
    await shows(shop, "offline", ({ link }) => link === "offline");
    world.setOnline(true);

    expect((await shows(shop, "online", ({ link }) => link === "online")).session?.phase).toBe("open");
  });

  test("where the storage is refused the chat works as long as the page does, and says so", async () => {
    const shop = await talking(server, browser({ storage: "refused" }));

    const state = await shows(shop, "the stream", ({ link }) => link === "online");
    expect(state.storage).toBe("memory");
  });

  test("where the storage is full the chat works as well", async () => {
    const shop = await talking(server, browser({ storage: "full" }));

    const state = await shows(shop, "the stream", ({ link }) => link === "online");
    expect(state.storage).toBe("memory");
  });

  test("a storage that was cleared under a running chat is written again", async () => {
    const world = browser();
    const shop = await talking(server, world);
    const before = sessionOf(shop.chat.getState());

    world.clearStorage();
    shop.tab.kill();
    const again = page(world, server);
    await again.chat.start();

    expect(sessionOf(await answers(again, 1))).toBe(before);
  });
});

describe("a server that is killed", () => {
  test("in mid-answer: the answer is begun again, and the final text is the stored one", async () => {
    const shop = await talking(server);
    await shop.chat.send("Tell me slowly");
    await shows(shop, "some words", ({ writing }) => writing?.text);

    await server.kill();
    await shows(shop, "the broken link", ({ link }) => link === "reconnecting");
    await server.begin();
    const state = await answers(shop, 2);

    expect(messages(state).at(-1)).toBe(`bot: ${WORDS}`);
    expect(state.link).toBe("online");
  });

  test("with a message on its way: it is delivered once", async () => {
    const shop = await talking(server);
    await server.kill();

    await shop.chat.send("Into the void");
    await shows(shop, "the waiting", ({ pending }) => pending[0]?.status === "queued");
    await server.begin();
    const state = await answers(shop, 2);

    expect(messages(state).filter((text) => text.includes("visitor: Into the void"))).toHaveLength(1);
  });

  test("together with the page, in mid-answer: both come back to the same", async () => {
    const world = browser();
    const shop = await talking(server, world);
    await shop.chat.send("Tell me slowly");
    await shows(shop, "some words", ({ writing }) => writing?.text);

    shop.tab.kill();
    await server.kill();
    const again = page(world, server);
    await again.chat.start();
    await server.begin();
    again.tab.emit("online");
    await again.chat.send("And then?");
    const state = await shows(again, "the answer", (state) => messages(state).includes("bot: You said: And then?"));

    const path = `/v1/sessions/${sessionOf(state)}/events?limit=500`;
    const stored = await server.ask<{ events: { type: string; text?: string }[] }>(server.keys.admin, "GET", path);
    const texts = stored.events.flatMap(({ type, text }) => (type === "message_posted" ? [text] : []));
    expect(messages(state).map((text) => text.replace(/^\w+: /, ""))).toEqual(texts);
  });
});

// The client against the real server: several tabs of one browser.

import { describe, expect, test } from "vitest";
import { BEAT_MS } from "../../client/leader";
import { answers, browser, inTwoTabs, messages, page, sessionOf, shows, talking, WORDS } from "./browsing";
import { Server } from "./server";

const server = Server.forAll();
const streams = (world: { requests: readonly { path: string }[] }) =>
  world.requests.filter(({ path }) => path.includes("/stream?")).length;

describe("several tabs", () => {
  test("that open a chat at once open one", async () => {
    const world = browser();
    const [one, two] = [page(world, server), page(world, server)];

    await Promise.all([one.chat.send("From one"), two.chat.send("From two")]);
    const [left, right] = await Promise.all([answers(one, 1), answers(two, 1)]);

    expect(sessionOf(left)).toBe(sessionOf(right));
    for (const shown of [one, two])
      await shows(shown, "both messages", (state) =>
        ["From one", "From two"].every((text) => messages(state).includes(`visitor: ${text}`)),
      );
    expect(world.requests.filter(({ path }) => path.endsWith("/visitors"))).toHaveLength(1);
  });

  test("that open a chat at once without locks open one all the same", async () => {
    const world = browser({ hasLocks: false });
    const [one, two] = [page(world, server), page(world, server)];

    await Promise.all([one.chat.send("From one"), two.chat.send("From two")]);
    const [left, right] = await Promise.all([answers(one, 1), answers(two, 1)]);

    expect(sessionOf(left)).toBe(sessionOf(right));
    expect(left.who?.id).toBe(right.who?.id);
    const asked = world.requests.flatMap(({ path }) => /ses_\w+/.exec(path) ?? []);
    expect(new Set(asked)).toEqual(new Set([sessionOf(left)]));
    for (const shown of [one, two])
      await shows(shown, "both messages", (state) =>
        ["From one", "From two"].every((text) => messages(state).includes(`visitor: ${text}`)),
      );
  });

  test("an opening whose answer is lost is asked for again under the same key", async () => {
    let isLost = false;
    const world = browser({
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (isLost || !url.endsWith("/sessions") || init.method !== "POST") return response;
        isLost = true;
        throw new TypeError("Failed to fetch");
      },
    });

    const state = await answers(await talking(server, world), 1);

    const openings = world.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/sessions"));
    expect(new Set(openings.map(({ body }) => JSON.parse(body).client_id)).size).toBe(1);
    expect(openings).toHaveLength(2);
    expect(messages(state)).toEqual(["visitor: Hello", "bot: You said: Hello"]);
  });

  test("one that is opened in mid-answer shows what was written so far, though nothing more comes", async () => {
    const world = browser();
    const one = await talking(server, world);
    await one.chat.send("Go on for ever");
    await shows(one, "all words", ({ writing }) => writing?.text === WORDS);

    const two = page(world, server);
    await two.chat.start();

    await shows(two, "all words", ({ writing }) => writing?.attempt === 1 && writing.text === WORDS);
    expect(streams(world)).toBe(1);
    await one.chat.stop();
  });

  test("one that missed what the others told it asks for it", async () => {
    const world = browser();
    const [one, two] = await inTwoTabs(server, world);

    two.tab.isDeaf = true;
    await one.chat.send("Not for your ears");
    await answers(one, 2);
    two.tab.isDeaf = false;
    const from = Date.now();
    await one.chat.send("Can you hear me?");

    expect(messages(await answers(two, 3))).toEqual(messages(await answers(one, 3)));
    // Not only when the leader says again where the list ends.
    expect(Date.now() - from).toBeLessThan(BEAT_MS / 2);
  });

  test("see what is written in one at once, though its word is not heard", async () => {
    const world = browser();
    const [one, two] = await inTwoTabs(server, world);
    two.tab.isDeaf = true;
    world.setOnline(false);

    await one.chat.send("Written in a tunnel");

    const { pending } = await shows(two, "what waits", (state) => state.pending.length);
    expect(pending).toMatchObject([{ text: "Written in a tunnel", status: "queued" }]);
  });

  test("share one stream, and see the same, answers in the making too", async () => {
    const world = browser();
    const one = await talking(server, world);
    const others = [page(world, server), page(world, server), page(world, server)];
    await Promise.all(others.map(({ chat }) => chat.start()));
    for (const other of others) await answers(other, 1);
    const before = streams(world);

    await others[0]?.chat.send("Tell me slowly");
    for (const shown of [one, ...others]) await shows(shown, "words", ({ writing }) => writing?.text);
    const states = await Promise.all([one, ...others].map((shown) => answers(shown, 2)));

    for (const state of states) expect(state.items).toEqual(states[0]?.items);
    expect(streams(world)).toBe(before);
  });

  test("go on when the one with the stream is killed", async () => {
    const world = browser();
    const [one, two] = await inTwoTabs(server, world);

    one.tab.kill();
    await two.chat.send("Still there?");

    expect(messages(await answers(two, 2))).toContain("bot: You said: Still there?");
  });

  test("go on when the one with the stream is put into the cache, which comes back up to date", async () => {
    const world = browser();
    const [one, two] = await inTwoTabs(server, world);

    one.tab.putAway();
    await two.chat.send("Still there?");
    await answers(two, 2);
    expect(one.tab.isEvicted).toBe(false);
    one.tab.comeBack();
    await answers(one, 2);
    await two.chat.send("And now?");

    expect(messages(await answers(one, 3))).toEqual(messages(await answers(two, 3)));
  });
});

// The client against the real server: what is said, sent, stopped and judged.

import { describe, expect, test } from "vitest";
import type { State } from "../../client/state";
import { answers, browser, messages, page, sessionOf, shows, signed, talking, WORDS } from "./browsing";
import { Server } from "./server";

const server = Server.forAll();
const ORDER = new File(["Order 7, two socks"], "order.txt", { type: "text/plain" });
const partsOf = ({ items }: State) => items.flatMap((item) => (item.kind === "message" ? item.parts : []));

describe("talking", () => {
  test("nothing is stored and nobody is called before the visitor acts", async () => {
    const world = browser();
    const { chat } = page(world, server);

    await chat.identify(signed("eva"));

    expect(world.kept.size).toBe(0);
    expect(world.requests).toEqual([]);
    expect(chat.getState().link).toBe("idle");
  });

  test("a message opens the session, and the answer is seen as it is written", async () => {
    const shop = page(browser(), server);
    const seen: string[] = [];
    shop.chat.subscribe(({ writing }) => writing && seen.push(writing.text));

    await shop.chat.send("Tell me slowly");
    await answers(shop, 1);
    const state = await shows(shop, "nothing pending", ({ pending }) => !pending.length);

    expect(messages(state)).toEqual(["visitor: Tell me slowly", `bot: ${WORDS}`]);
    expect(new Set(seen).size).toBeGreaterThan(5);
    for (const text of seen) expect(WORDS.startsWith(text)).toBe(true);
    expect(state).toMatchObject({ pending: [], link: "online", storage: "ok", draft: "" });
  });

  test("a long answer can be stopped", async () => {
    const shop = page(browser(), server);
    await shop.chat.send("Go on for ever");
    await shows(shop, "some words", ({ writing }) => writing?.text);

    await shop.chat.stop();

    const state = await shows(shop, "the end", ({ items, writing }) => !writing && items.at(-1)?.kind === "notice");
    expect(state.items.at(-1)).toMatchObject({ event: { type: "turn_superseded", reason: "stopped" } });
  });

  test("messages written in a hurry arrive in their order, once", async () => {
    const shop = await talking(server);
    const texts = Array.from({ length: 8 }, (_, index) => `number ${index}`);

    for (const text of texts) void shop.chat.send(text);
    const state = await shows(shop, "all of them", ({ pending, items }) => !pending.length && items.length > 15);

    const own = messages(state).filter((text) => text.startsWith("visitor"));
    expect(own).toEqual(["visitor: Hello", ...texts.map((text) => `visitor: ${text}`)]);
  });

  test("a message the server refuses is kept with its reason, and can be discarded", async () => {
    const shop = await talking(server);

    await shop.chat.send("x".repeat(20_000));

    const state = await shows(shop, "the refusal", ({ pending }) => pending[0]?.status === "failed");
    expect(state.pending[0]?.problem?.code).toBe("too_large");
    shop.chat.discard(state.pending[0]?.clientId ?? "");
    expect(shop.chat.getState().pending).toEqual([]);
  });

  test("an agent takes over: who is writing and who answers is seen", async () => {
    const shop = await talking(server);
    const { agent } = server.keys;
    const path = `/v1/sessions/${sessionOf(shop.chat.getState())}`;

    await shop.chat.askHuman("Please");
    await shows(shop, "the queue", ({ session }) => session?.floor === "queue");
    await server.ask(agent, "POST", `${path}/claim`);
    await server.ask(agent, "POST", `${path}/typing`);
    await shows(shop, "typing", ({ typing }) => typing?.by === "agent");
    await server.ask(agent, "POST", `${path}/messages`, { text: "Carla here" });

    const state = await shows(shop, "the agent's word", (state) => messages(state).includes("agent: Carla here"));
    expect(state).toMatchObject({ typing: null, session: { floor: "agent", waiting_on: expect.anything() } });
  });

  test("an agent sees how far the visitor has read, and the visitor how far the agent has", async () => {
    const shop = await talking(server);
    const { agent } = server.keys;
    const path = `/v1/sessions/${sessionOf(shop.chat.getState())}`;
    await server.ask(agent, "POST", `${path}/claim`);
    const { head } = await shows(shop, "the agent", ({ session }) => session?.floor === "agent");

    await server.ask(agent, "POST", `${path}/read`, { seq: head });
    const { unread } = await shows(shop, "the agent's eyes", ({ seenTo }) => seenTo === head);
    shop.chat.read();

    expect(unread).toBe(1);
    expect(shop.chat.getState()).toMatchObject({ unread: 0, readTo: head });
  });

  test("a file is sent, shown as a part, and can be fetched by the visitor", async () => {
    const shop = await talking(server);

    const given = await shop.chat.upload(ORDER);
    await shop.chat.send("", { parts: given ? [given] : [] });
    const state = await shows(shop, "the file", (state) => partsOf(state).length && !state.pending.length);

    const [part] = partsOf(state);
    expect(part).toMatchObject({ kind: "file", name: "order.txt", type: "text/plain", bytes: 18 });
    const content = await shop.chat.download(String(part?.["file"]));
    expect(await content?.text()).toBe("Order 7, two socks");
  });

  test("a file before the first message opens the chat, and one into a closed chat takes that up again", async () => {
    const shop = page(browser(), server);

    const first = await shop.chat.upload(ORDER);
    await shop.chat.send("", { parts: first ? [first] : [] });
    const id = sessionOf(await answers(shop, 1));
    await shop.chat.close();
    const second = await shop.chat.upload(ORDER);
    await shop.chat.send("", { parts: second ? [second] : [] });

    const state = await answers(shop, 2);
    expect(state.session).toMatchObject({ id, phase: "open", period: 2 });
    expect(partsOf(state)).toHaveLength(2);
  });

  test("a file the inbox does not take is refused with its reason", async () => {
    const shop = await talking(server);

    const given = await shop.chat.upload(new File(["<svg/>"], "picture.svg", { type: "image/svg+xml" }));

    expect(given).toBeNull();
    expect(shop.chat.getState().problem).toMatchObject({ act: "upload", code: "unsupported_media_type" });
  });

  test("the transcript can be kept as a file", async () => {
    const shop = await talking(server);

    const transcript = await shop.chat.downloadTranscript();

    expect(await transcript?.text()).toContain("You said: Hello");
  });

  test("a rating is given once, changed, and grows", async () => {
    const shop = await talking(server);
    await shop.chat.close();

    await shop.chat.rate({ solved: true });
    await shows(shop, "the first word", ({ rating }) => rating?.solved);
    await shop.chat.rate({ score: 4 });

    const { rating } = await shows(shop, "the second word", ({ rating }) => rating?.score);
    expect(rating).toMatchObject({ solved: true, score: 4, period: 1 });
  });
});

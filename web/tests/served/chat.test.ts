// The client against the real server: what a visitor sees, whatever happens to tabs, network, server and storage.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BEAT_MS } from "../../client/leader";
import type { State } from "../../client/state";
import { answers, browser, messages, type Page, page, shows, signed, skip } from "./browsing";
import { Server } from "./server";

let server: Server;

beforeAll(async () => {
  server = await Server.start();
});

afterAll(() => server.kill());

const WORDS = Array.from({ length: 40 }, (_, index) => `word${index + 1} `).join("");
const sessionOf = (state: State) => state.session?.id ?? "";
const streams = (world: { requests: readonly { path: string }[] }) =>
  world.requests.filter(({ path }) => path.includes("/stream?")).length;

const ORDER = new File(["Order 7, two socks"], "order.txt", { type: "text/plain" });
const partsOf = ({ items }: State) => items.flatMap((item) => (item.kind === "message" ? item.parts : []));

/** Somebody who has asked and got an answer. */
async function talking(world = browser()): Promise<Page> {
  const shop = page(world, server);
  await shop.chat.send("Hello");
  await answers(shop, 1);
  return shop;
}

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
    const shop = await talking();
    const texts = Array.from({ length: 8 }, (_, index) => `number ${index}`);

    for (const text of texts) void shop.chat.send(text);
    const state = await shows(shop, "all of them", ({ pending, items }) => !pending.length && items.length > 15);

    const own = messages(state).filter((text) => text.startsWith("visitor"));
    expect(own).toEqual(["visitor: Hello", ...texts.map((text) => `visitor: ${text}`)]);
  });

  test("a message the server refuses is kept with its reason, and can be discarded", async () => {
    const shop = await talking();

    await shop.chat.send("x".repeat(20_000));

    const state = await shows(shop, "the refusal", ({ pending }) => pending[0]?.status === "failed");
    expect(state.pending[0]?.problem?.code).toBe("too_large");
    shop.chat.discard(state.pending[0]?.clientId ?? "");
    expect(shop.chat.getState().pending).toEqual([]);
  });

  test("an agent takes over: who is writing and who answers is seen", async () => {
    const shop = await talking();
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
    const shop = await talking();
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
    const shop = await talking();

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
    const shop = await talking();

    const given = await shop.chat.upload(new File(["<svg/>"], "picture.svg", { type: "image/svg+xml" }));

    expect(given).toBeNull();
    expect(shop.chat.getState().problem).toMatchObject({ act: "upload", code: "unsupported_media_type" });
  });

  test("the transcript can be kept as a file", async () => {
    const shop = await talking();

    const transcript = await shop.chat.downloadTranscript();

    expect(await transcript?.text()).toContain("You said: Hello");
  });

  test("a rating is given once, changed, and grows", async () => {
    const shop = await talking();
    await shop.chat.close();

    await shop.chat.rate({ solved: true });
    await shows(shop, "the first word", ({ rating }) => rating?.solved);
    await shop.chat.rate({ score: 4 });

    const { rating } = await shows(shop, "the second word", ({ rating }) => rating?.score);
    expect(rating).toMatchObject({ solved: true, score: 4, period: 1 });
  });
});

describe("the end", () => {
  test("is announced, put off, and comes with its reason; the chat can be taken up again", async () => {
    const shop = await talking();
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
    const shop = await talking(world);
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
    const shop = await talking();
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
    const shop = await talking();
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
    const shop = await talking();
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
    const other = await talking();
    await other.chat.startThread("A secret");
    const { session } = await shows(other, "the topic", ({ session }) => session?.threads.length);
    const shop = await talking();

    await shop.chat.continueThread(session?.threads[0]?.id ?? "", session?.id ?? "");

    const state = shop.chat.getState();
    expect(state).toMatchObject({ problem: { act: "continueThread", code: "not_found" }, session: { threads: [] } });
  });
});

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

    const state = await answers(await talking(world), 1);

    const openings = world.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/sessions"));
    expect(new Set(openings.map(({ body }) => JSON.parse(body).client_id)).size).toBe(1);
    expect(openings).toHaveLength(2);
    expect(messages(state)).toEqual(["visitor: Hello", "bot: You said: Hello"]);
  });

  test("one that is opened in mid-answer shows what was written so far, though nothing more comes", async () => {
    const world = browser();
    const one = await talking(world);
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
    const one = await talking(world);
    const two = page(world, server);
    await two.chat.start();
    await answers(two, 1);

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

  test("share one stream, and see the same, answers in the making too", async () => {
    const world = browser();
    const one = await talking(world);
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
    const one = await talking(world);
    const two = page(world, server);
    await two.chat.start();
    await answers(two, 1);

    one.tab.kill();
    await two.chat.send("Still there?");

    expect(messages(await answers(two, 2))).toContain("bot: You said: Still there?");
  });

  test("go on when the one with the stream is put into the cache, which comes back up to date", async () => {
    const world = browser();
    const one = await talking(world);
    const two = page(world, server);
    await two.chat.start();
    await answers(two, 1);

    one.tab.putAway();
    await two.chat.send("Still there?");
    await answers(two, 2);
    one.tab.comeBack();
    await two.chat.send("And now?");

    expect(messages(await answers(one, 3))).toEqual(messages(await answers(two, 3)));
  });
});

describe("coming back", () => {
  test("a page that is loaded anew in mid-answer shows the whole answer", async () => {
    const world = browser();
    const shop = await talking(world);
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
    const shop = await talking(world);
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
    const shop = await talking(world);
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
    const shop = await talking(world);

    world.setOnline(false);
    shop.tab.putAway();
    shop.tab.comeBack();
    await shows(shop, "offline", ({ link }) => link === "offline");
    world.setOnline(true);

    expect((await shows(shop, "online", ({ link }) => link === "online")).session?.phase).toBe("open");
  });

  test("where the storage is refused the chat works as long as the page does, and says so", async () => {
    const shop = await talking(browser({ storage: "refused" }));

    const state = await shows(shop, "the stream", ({ link }) => link === "online");
    expect(state.storage).toBe("memory");
  });

  test("where the storage is full the chat works as well", async () => {
    const shop = await talking(browser({ storage: "full" }));

    const state = await shows(shop, "the stream", ({ link }) => link === "online");
    expect(state.storage).toBe("memory");
  });

  test("a storage that was cleared under a running chat is written again", async () => {
    const world = browser();
    const shop = await talking(world);
    const before = sessionOf(shop.chat.getState());

    world.clearStorage();
    shop.tab.kill();
    const again = page(world, server);
    await again.chat.start();

    expect(sessionOf(await answers(again, 1))).toBe(before);
  });
});

describe("who is here", () => {
  test("logging out clears every tab before anybody else shows", async () => {
    const world = browser();
    const one = page(world, server);
    await one.chat.identify(signed("ada"));
    await one.chat.send("A secret");
    await answers(one, 1);
    const two = page(world, server);
    await two.chat.identify(signed("ada"));
    await two.chat.start();
    await answers(two, 1);
    two.chat.setDraft("Another sec");

    await one.chat.logout();
    const left = await shows(two, "nothing", ({ session, draft }) => !session && !draft);
    await two.chat.send("Hello, I am new");
    const fresh = await answers(two, 1);

    expect(left).toMatchObject({ items: [], pending: [], who: null, earlier: null });
    expect(messages(fresh)).not.toContain("visitor: A secret");
    expect(JSON.stringify([...world.kept])).not.toContain("ecret");
    expect(messages(await answers(one, 1))).toEqual(messages(fresh));
  });

  test("an answer that comes after the logging out is nobody's", async () => {
    let release: (() => void) | null = null;
    const world = browser({
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (url.endsWith("/me/sessions")) await new Promise<void>((resolve) => (release = resolve));
        return response;
      },
    });
    const shop = await talking(world);
    const listing = shop.chat.listEarlier();
    await shows(shop, "the request", () => world.requests.some(({ path }) => path.endsWith("/me/sessions")));

    await shop.chat.logout();
    while (!release) await new Promise((resolve) => setTimeout(resolve, 5));
    (release as () => void)();
    await listing;

    expect(shop.chat.getState()).toMatchObject({ earlier: null, session: null, items: [], problem: null });
  });

  test("somebody else who is signed in starts with nothing of the one before", async () => {
    const world = browser();
    const one = page(world, server);
    await one.chat.identify(signed("bob"));
    await one.chat.send("Bob's secret");
    const bobs = await answers(one, 1);
    one.chat.setDraft("More sec");

    await one.chat.identify(signed("cyd"));

    const state = one.chat.getState();
    expect(state).toMatchObject({ session: null, items: [], draft: "", who: { name: "cyd", identified: true } });
    expect(state.who?.id).not.toBe(bobs.who?.id);
  });

  test("the same person again changes nothing", async () => {
    const world = browser();
    const one = page(world, server);
    await one.chat.identify(() => Promise.resolve(signed("dan")));
    await one.chat.send("Hello");
    const before = await answers(one, 1);

    await one.chat.identify(signed("dan"));

    expect(one.chat.getState().items).toEqual(before.items);
    expect(world.requests.filter(({ path }) => path.endsWith("/visitors"))).toHaveLength(1);
  });

  test("an anonymous chat goes along with whoever signs in, in every tab", async () => {
    const world = browser();
    const one = await talking(world);
    const two = page(world, server);
    await two.chat.start();
    const before = await answers(two, 1);
    one.chat.setDraft("And also");

    await one.chat.identify(signed("eve"));
    await shows(two, "the name", ({ who }) => who?.name === "eve");
    await two.chat.send("Still me");
    const state = await answers(one, 2);

    expect(sessionOf(state)).toBe(sessionOf(before));
    expect(state).toMatchObject({ draft: "And also", who: { identified: true } });
  });

  test("where the inbox does not allow that, the anonymous chat leaves the screen", async () => {
    const bank = page(browser(), server, "bank");
    await bank.chat.send("Anonymous words");
    await answers(bank, 1);

    await bank.chat.identify(signed("fay", "bank"));

    const state = await shows(bank, "the name", ({ who }) => who?.name === "fay");
    expect(state).toMatchObject({ session: null, items: [] });
  });

  test("a known visitor finds the open chat in another browser", async () => {
    const one = page(browser(), server);
    await one.chat.identify(signed("gus"));
    await one.chat.send("On my phone");
    const before = await answers(one, 1);

    const two = page(browser(), server);
    await two.chat.identify(signed("gus"));
    await two.chat.start();

    expect(sessionOf(await answers(two, 1))).toBe(sessionOf(before));
  });

  test("a link brings the chat to another device, once", async () => {
    const one = await talking();
    const secret = await one.chat.linkElsewhere();
    const [two, three] = [page(browser(), server), page(browser(), server)];

    await two.chat.comeByLink(secret ?? "");
    const there = await answers(two, 1);
    await three.chat.comeByLink(secret ?? "");

    expect(sessionOf(there)).toBe(sessionOf(one.chat.getState()));
    expect(three.chat.getState()).toMatchObject({ session: null, problem: { act: "comeByLink" } });
  });

  test("a token that ends is replaced by asking the website again", async () => {
    const world = browser();
    const one = page(world, server);
    await one.chat.identify(() => Promise.resolve(signed("hal")));
    await one.chat.send("Hello");
    const before = await answers(one, 1);
    const token = JSON.parse(world.kept.get("cs:shop:v") ?? "{}").token;
    await server.ask(token, "POST", "/v1/visitors/me/logout");

    await one.chat.send("Still me");

    const state = await answers(one, 2);
    expect(state.who?.id).toBe(before.who?.id);
    expect(sessionOf(state)).toBe(sessionOf(before));
  });

  test("a website that cannot say who is here is told so", async () => {
    const one = await talking();

    await one.chat.identify(() => Promise.reject(new Error("not signed in")));

    expect(one.chat.getState().problem).toMatchObject({ act: "identify", code: "unsigned" });
    expect(one.chat.getState().items.length).toBeGreaterThan(0);
  });
});

describe("a server that is killed", () => {
  test("in mid-answer: the answer is begun again, and the final text is the stored one", async () => {
    const shop = await talking();
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
    const shop = await talking();
    await server.kill();

    await shop.chat.send("Into the void");
    await shows(shop, "the waiting", ({ pending }) => pending[0]?.status === "queued");
    await server.begin();
    const state = await answers(shop, 2);

    expect(messages(state).filter((text) => text.includes("visitor: Into the void"))).toHaveLength(1);
  });

  test("together with the page, in mid-answer: both come back to the same", async () => {
    const world = browser();
    const shop = await talking(world);
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

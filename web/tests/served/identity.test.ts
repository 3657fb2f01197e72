// The client against the real server: who is here, in every tab at once.

import { describe, expect, test } from "vitest";
import { answers, browser, inTwoTabs, messages, page, sessionOf, shows, signed, talking } from "./browsing";
import { Server } from "./server";

const server = Server.forAll();

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

  test("a tab that was put away meanwhile shows nothing any more when it comes back", async () => {
    const world = browser();
    const [one, two] = await inTwoTabs(server, world);
    two.chat.setDraft("Another sec");
    two.tab.putAway();

    await one.chat.logout();
    two.tab.comeBack();

    expect(two.chat.getState()).toMatchObject({ session: null, items: [], draft: "", who: null });
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
    const shop = await talking(server, world);
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
    const one = await talking(server, world);
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
    const one = await talking(server);
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
    const one = await talking(server);

    await one.chat.identify(() => Promise.reject(new Error("not signed in")));

    expect(one.chat.getState().problem).toMatchObject({ act: "identify", code: "unsigned" });
    expect(one.chat.getState().items.length).toBeGreaterThan(0);
  });
});

// What is kept in the browser: under our own name, one key for each message, and without a word of complaint to the page.

import { describe, expect, test } from "vitest";
import type { Area } from "../client/browser";
import { DRAFT_MS_MAX, keepDraft, keptDraft } from "../client/draft";
import type { Pending } from "../client/items";
import { OUTBOX_MS_MAX, Outbox } from "../client/outbox";
import { Shelf } from "../client/storage";
import { World, type WorldOptions } from "./world";

const NOW = 1_700_000_000_000;

function shelf(storage: WorldOptions["storage"] = "kept", world = new World({ fetch, storage })) {
  let complaints = 0;
  const kept = new Shelf("cs:shop:", world.open().storage, () => {
    complaints += 1;
  });
  return { kept, world, complaints: () => complaints };
}

function pending(clientId: string, at = NOW): Pending {
  const nothing = { parts: [], thread: null, page: null, session: null, seq: null, problem: null };
  return { clientId, text: clientId, at, status: "queued", ...nothing };
}

describe("the storage", () => {
  test("keeps values under the inbox's name, and finds them by how their keys begin", () => {
    const { kept, world, complaints } = shelf();
    world.kept.set("the page's own", "x");

    kept.set("o:1", { a: 1 });
    kept.set("d", "text");

    expect([...world.kept.keys()]).toEqual(["the page's own", "cs:shop:o:1", "cs:shop:d"]);
    expect(kept.keys("o:")).toEqual(["o:1"]);
    expect(kept.get("o:1")).toEqual({ a: 1 });
    expect([kept.own("cs:shop:d"), kept.own("cs:bank:d"), kept.own("x")]).toEqual(["d", null, null]);
    expect(complaints()).toBe(0);
  });

  test.each(["refused", "full"] as const)("that is %s lasts as long as the page, and says so", (storage) => {
    const { kept, complaints } = shelf(storage);

    kept.set("o:1", 1);
    kept.set("o:2", 2);
    kept.drop("o:1");

    expect(kept.get("o:1")).toBeNull();
    expect(kept.get("o:2")).toBe(2);
    expect(kept.keys("o:")).toEqual(["o:2"]);
    expect(complaints()).toBeGreaterThan(0);
  });

  test("that is missing altogether is no trouble", () => {
    const kept = new Shelf(
      "cs:shop:",
      () => null as Area | null,
      () => undefined,
    );

    kept.set("d", "text");

    expect(kept.get("d")).toBe("text");
  });

  test("shows nothing of what it cannot read", () => {
    const { kept, world } = shelf();

    world.kept.set("cs:shop:d", "{half of");

    expect(kept.get("d")).toBeNull();
  });
});

describe("the outbox", () => {
  test("has one key for each message, and their order from when they were written", () => {
    const { kept, world } = shelf();
    const outbox = new Outbox(kept, () => NOW);

    outbox.put(pending("b", NOW - 1));
    outbox.put(pending("a", NOW));

    expect([...world.kept.keys()]).toEqual(["cs:shop:o:b", "cs:shop:o:a"]);
    expect(outbox.all().map(({ clientId }) => clientId)).toEqual(["b", "a"]);
  });

  test("of two tabs is the same, and neither overwrites the other", () => {
    const world = new World({ fetch });
    const [one, two] = [shelf("kept", world), shelf("kept", world)].map(({ kept }) => new Outbox(kept, () => NOW));

    one?.put(pending("a"));
    two?.put(pending("b"));
    one?.remove("a");

    expect(two?.all().map(({ clientId }) => clientId)).toEqual(["b"]);
  });

  test("forgets what is older than a day, and everything when it is told to", () => {
    const { kept, world } = shelf();
    const outbox = new Outbox(kept, () => NOW + OUTBOX_MS_MAX);
    outbox.put(pending("old", NOW));
    outbox.put(pending("new", NOW + 1));
    const found = outbox.all();

    outbox.clear();

    expect(found.map(({ clientId }) => clientId)).toEqual(["new"]);
    expect(world.kept.size).toBe(0);
  });
});

test("a draft is kept for a day, and gone when it is empty", () => {
  const { kept, world } = shelf();
  keepDraft(kept, "Half a sent", NOW);

  expect(keptDraft(kept, NOW + DRAFT_MS_MAX - 1)).toBe("Half a sent");
  expect(keptDraft(kept, NOW + DRAFT_MS_MAX)).toBe("");
  keepDraft(kept, "", NOW);
  expect(world.kept.size).toBe(0);
});

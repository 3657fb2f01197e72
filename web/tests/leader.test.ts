// Of all tabs one holds the stream, and whatever becomes of it, soon another one does.

import { describe, expect, test } from "vitest";
import { BEAT_MS, Leader, SILENT_MS_MAX } from "../client/leader";
import { type Tab, World, type WorldOptions } from "./world";

interface Standing {
  readonly tab: Tab;
  readonly leader: Leader;
  readonly changes: boolean[];
}

function browser(options: Partial<WorldOptions> = {}) {
  const world = new World({ fetch: () => Promise.reject(new TypeError()), ...options });
  const standing: Standing[] = [];
  const open = (): Standing => {
    const tab = world.open();
    const changes: boolean[] = [];
    const beat = () => {
      for (const other of standing) if (other.tab !== tab && !tab.isAway) other.leader.heard();
    };
    const leader = new Leader({ browser: tab, name: "lead", onChange: (isLeader) => changes.push(isLeader), beat });
    const one = { tab, leader, changes };
    standing.push(one);
    return one;
  };
  return { world, open };
}

describe("with locks", () => {
  test("the first tab leads, the others wait", async () => {
    const { world, open } = browser();
    const [one, two] = [open(), open()];

    await world.advance(10 * BEAT_MS);

    expect([one.leader.isLeader, two.leader.isLeader]).toEqual([true, false]);
    expect([one.changes, two.changes]).toEqual([[true], []]);
  });

  test("another tab leads when the leading one is killed", async () => {
    const { world, open } = browser();
    const [one, two] = [open(), open()];
    await world.advance(0);

    one.tab.kill();
    await world.advance(0);

    expect(two.leader.isLeader).toBe(true);
  });

  test("another tab leads at once when the leading one is put into the cache", async () => {
    const { world, open } = browser();
    const [one, two] = [open(), open()];
    await world.advance(0);

    one.tab.putAway();
    await world.advance(0);

    expect([one.leader.isLeader, two.leader.isLeader]).toEqual([false, true]);
  });

  test("a tab that comes back waits behind the others", async () => {
    const { world, open } = browser();
    const [one, two] = [open(), open()];
    await world.advance(0);
    one.tab.putAway();
    await world.advance(5 * SILENT_MS_MAX);

    one.tab.comeBack();
    await world.advance(5 * SILENT_MS_MAX);
    const whileTwoLives = [one.leader.isLeader, two.leader.isLeader];
    two.tab.kill();
    await world.advance(0);

    expect(whileTwoLives).toEqual([false, true]);
    expect(one.leader.isLeader).toBe(true);
  });

  test("a visible tab takes over from a leader that is silent, a hidden one does not", async () => {
    const { world, open } = browser();
    const [one, seen, hidden] = [open(), open(), open()];
    hidden.tab.hide();
    await world.advance(0);

    // It stands still without having been told so, and keeps its lock.
    one.tab.isAway = true;
    await world.advance(SILENT_MS_MAX - 1_000);
    const early = seen.leader.isLeader;
    await world.advance(BEAT_MS + 2_000);

    expect(early).toBe(false);
    expect([seen.leader.isLeader, hidden.leader.isLeader]).toEqual([true, false]);
    expect(one.changes).toEqual([true, false]);
  });

  test("a tab that is looked at again takes over at once if nobody is heard", async () => {
    const { world, open } = browser();
    const [one, two] = [open(), open()];
    two.tab.hide();
    await world.advance(0);
    one.tab.isAway = true;
    await world.advance(3 * SILENT_MS_MAX);
    const hidden = two.leader.isLeader;

    two.tab.show();
    await world.advance(0);

    expect(hidden).toBe(false);
    expect(two.leader.isLeader).toBe(true);
  });

  test("a tab that is closed lets go", async () => {
    const { world, open } = browser();
    const [one, two] = [open(), open()];
    await world.advance(0);

    one.leader.close();
    await world.advance(0);

    expect([one.leader.isLeader, two.leader.isLeader]).toEqual([false, true]);
    expect(world.locks.holder("lead")).toBe(two.tab);
  });
});

describe("without locks", () => {
  test("the tab that is looked at leads", async () => {
    const { world, open } = browser({ hasLocks: false });
    const [one, two] = [open(), open()];
    two.tab.hide();
    await world.advance(BEAT_MS);
    const before = [one.leader.isLeader, two.leader.isLeader];

    one.tab.hide();
    two.tab.show();

    expect(before).toEqual([true, false]);
    expect([one.leader.isLeader, two.leader.isLeader]).toEqual([false, true]);
  });
});

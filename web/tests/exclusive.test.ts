// Work that only one tab at a time may do.

import { expect, test } from "vitest";
import { exclusive } from "../client/exclusive";
import { settled, World } from "./world";

function tabs(hasLocks = true) {
  const world = new World({ fetch: () => Promise.reject(new TypeError()), hasLocks });
  const [one, two] = [world.open(), world.open()];
  return { one, two, first: exclusive(one, "cs:shop:"), second: exclusive(two, "cs:shop:") };
}

const never = () => new Promise<never>(() => undefined);

test("waits until the other tab is done, and passes on what came of it", async () => {
  const { first, second } = tabs();
  const done: string[] = [];
  let finish: (value: string) => void = () => undefined;

  const one = first("send", () => new Promise<string>((resolve) => (finish = resolve)));
  const two = second("send", async () => done.push("two"));
  await settled();
  const early = [...done];
  finish("one");

  expect(await one).toBe("one");
  expect(await two).toBe(1);
  expect(early).toEqual([]);
});

test("does not wait for a tab that was put away in the middle of it", async () => {
  const { one, first, second } = tabs();
  void first("send", never);
  await settled();

  one.putAway();

  expect(await second("send", async () => "sent")).toBe("sent");
});

test("goes on after work that failed", async () => {
  for (const { first } of [tabs(), tabs(false)]) {
    await expect(first("send", () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await first("send", async () => "sent")).toBe("sent");
  }
});

test("is done one after another in a tab, where there are no locks", async () => {
  const { first } = tabs(false);
  const order: string[] = [];
  const step = (name: string) => async () => {
    order.push(`${name} begins`);
    await settled();
    order.push(`${name} ends`);
  };

  await Promise.all([first("send", step("one")), first("send", step("two"))]);

  expect(order).toEqual(["one begins", "one ends", "two begins", "two ends"]);
});

// @vitest-environment happy-dom

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { eventually } from "../../widget/eventually";

beforeEach(() => {
  vi.useFakeTimers();
  // The longest of the waits that chance may choose.
  vi.spyOn(Math, "random").mockReturnValue(1);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const refused = () => vi.fn<() => Promise<string>>().mockRejectedValue(new TypeError("Failed to fetch"));

it("asks again for what does not come, less and less often, until it is there", async () => {
  const load = refused();
  const use = vi.fn();

  eventually(load, use);
  await vi.advanceTimersByTimeAsync(2_000 + 4_000 + 8_000 - 1);
  expect(load).toHaveBeenCalledTimes(3);
  load.mockResolvedValue("the part");
  await vi.advanceTimersByTimeAsync(60_000);

  expect(load).toHaveBeenCalledTimes(4);
  expect(use.mock.calls).toEqual([["the part"]]);
});

it("goes on asking once a minute", async () => {
  const load = refused();

  eventually(load, () => undefined);
  await vi.advanceTimersByTimeAsync(62_000);
  const before = load.mock.calls.length;
  await vi.advanceTimersByTimeAsync(600_000);

  expect(load).toHaveBeenCalledTimes(before + 10);
});

it("asks at once when the network is back, and says each time that it failed", async () => {
  const load = refused();
  const failed = vi.fn();
  eventually(load, () => undefined, failed);
  await vi.advanceTimersByTimeAsync(2_000 + 4_000);
  const before = load.mock.calls.length;

  dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);

  expect(load).toHaveBeenCalledTimes(before + 1);
  expect(failed).toHaveBeenCalledTimes(before + 1);
});

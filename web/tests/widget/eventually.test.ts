import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { eventually } from "../../widget/eventually";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("asks again for what does not come, less and less often, until it is there", async () => {
  const load = vi.fn<() => Promise<string>>().mockRejectedValue(new TypeError("Failed to fetch"));
  const use = vi.fn();

  eventually(load, use);
  await vi.advanceTimersByTimeAsync(2_000 + 4_000 + 8_000 - 1);
  expect(load).toHaveBeenCalledTimes(3);
  load.mockResolvedValue("the part");
  await vi.advanceTimersByTimeAsync(60_000);

  expect(load).toHaveBeenCalledTimes(4);
  expect(use.mock.calls).toEqual([["the part"]]);
});

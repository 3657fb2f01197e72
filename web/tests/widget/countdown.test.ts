import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Countdown } from "../../widget/countdown";

const NOON = Date.parse("2026-11-24T12:00:00Z");

beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
});
afterEach(() => {
  vi.useRealTimers();
});

function counting(endsInSeconds: number) {
  const endsAt = NOON + endsInSeconds * 1_000;
  const [ticks, said]: [number[], number[]] = [[], []];
  const seconds = (ms: number) => Math.ceil(ms / 1_000);
  const countdown = new Countdown(
    () => Math.max(0, endsAt - Date.now()),
    (ms) => ticks.push(seconds(ms)),
    (ms) => said.push(seconds(ms)),
  );
  return { countdown, ticks, said, endsAt: new Date(endsAt).toISOString() };
}

it("counts every second down to the end, and then no more", () => {
  const { countdown, ticks, endsAt } = counting(3);

  countdown.aim(endsAt);
  vi.advanceTimersByTime(10_000);

  expect(ticks).toEqual([3, 2, 1, 0]);
  expect(vi.getTimerCount()).toBe(0);
});

it("is said again at thirty and at ten seconds, once each", () => {
  const { countdown, said, endsAt } = counting(100);

  countdown.aim(endsAt);
  vi.advanceTimersByTime(100_000);

  expect(said).toEqual([30, 10]);
});

it("says nothing that the warning itself has just said", () => {
  const { countdown, said, endsAt } = counting(25);

  countdown.aim(endsAt);
  vi.advanceTimersByTime(25_000);

  expect(said).toEqual([10]);
});

it("ends when the warning is lifted", () => {
  const { countdown, ticks, endsAt } = counting(100);
  expect(countdown.aim(endsAt)).toBe(true);

  expect(countdown.aim(null)).toBe(false);
  vi.advanceTimersByTime(100_000);

  expect(ticks).toEqual([100]);
});

it("takes the same end again for the same warning", () => {
  const { countdown, endsAt } = counting(100);
  countdown.aim(endsAt);

  expect(countdown.aim(endsAt)).toBe(false);
});

it("says it late rather than never, when the tab slept", () => {
  const { countdown, said, endsAt } = counting(100);
  countdown.aim(endsAt);

  vi.setSystemTime(NOON + 80_000);
  vi.advanceTimersByTime(1_000);

  expect(said).toEqual([19]);
});

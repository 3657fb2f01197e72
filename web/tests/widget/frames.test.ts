// @vitest-environment happy-dom

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Frames } from "../../widget/frames";

const AT_LEAST_A_FRAME_MS = 20;
const LONG_MS = 1_000;
let visibility: DocumentVisibilityState = "visible";

beforeEach(() => {
  vi.useFakeTimers();
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => visibility });
});

afterEach(() => {
  vi.useRealTimers();
  visibility = "visible";
});

function asked() {
  const draw = vi.fn();
  return { draw, frames: new Frames(draw) };
}

it("draws once a frame, however often it is asked to", () => {
  const { draw, frames } = asked();

  for (let time = 0; time < 5; time += 1) frames.ask();
  expect(draw).not.toHaveBeenCalled();
  vi.advanceTimersByTime(AT_LEAST_A_FRAME_MS);

  expect(draw).toHaveBeenCalledTimes(1);
});

it("draws in the next frame for somebody who looks again, whatever was due later", () => {
  const { draw, frames } = asked();
  visibility = "hidden";
  frames.ask();

  visibility = "visible";
  frames.ask();
  vi.advanceTimersByTime(AT_LEAST_A_FRAME_MS);
  expect(draw).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(LONG_MS);

  expect(draw).toHaveBeenCalledTimes(1);
});

it("draws without frames where the page was put into the background before the next one", () => {
  const { draw, frames } = asked();
  vi.stubGlobal("requestAnimationFrame", () => 0);
  frames.ask();

  visibility = "hidden";
  frames.ask();
  vi.advanceTimersByTime(LONG_MS);
  vi.unstubAllGlobals();

  expect(draw).toHaveBeenCalledTimes(1);
});

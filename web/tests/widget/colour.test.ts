import fc from "fast-check";
import { expect, it } from "vitest";
import { contrast, luminance, readableOn } from "../../widget/colour";

it("knows the luminance of computed colours", () => {
  expect(luminance("rgb(255, 255, 255)")).toBeCloseTo(1);
  expect(luminance("rgba(0, 0, 0, 0.5)")).toBe(0);
  expect(luminance("rgb(31 79 216)")).toBeCloseTo(0.1, 1);
  expect(luminance("oklch(0.5 0.1 20)")).toBeNull();
});

it("writes on every colour so that it can be read", () => {
  const part = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(part, part, part, (red, green, blue) => {
      const colour = `rgb(${red}, ${green}, ${blue})`;
      const on = readableOn(colour) === "#fff" ? 1 : (luminance("rgb(20, 22, 26)") ?? 0);
      expect(contrast(luminance(colour) ?? 0, on)).toBeGreaterThan(4);
    }),
  );
});

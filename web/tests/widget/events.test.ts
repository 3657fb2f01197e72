// @vitest-environment happy-dom

import { expect, it, vi } from "vitest";
import { Events } from "../../widget/events";

it("takes back a listener that was to hear once and has heard nothing yet", () => {
  const events = new Events(document.createElement("div"));
  const [once, always] = [vi.fn(), vi.fn()];
  events.once("message", once);
  events.on("message", always);

  events.off("message", once);
  events.tell("message", "Hello");

  expect(once).not.toHaveBeenCalled();
  expect(always.mock.calls).toEqual([["Hello"]]);
});

// @vitest-environment happy-dom

import { afterEach, expect, it, vi } from "vitest";
import { Registry } from "../../widget/registry";
import { settled, stage, strike } from "./stage";
import { state } from "./states";

afterEach(() => {
  strike();
  vi.restoreAllMocks();
});

it("brings nothing back to the page that was on its way when it ended", async () => {
  const registry = new Registry("https://chat.example");
  const host = document.createElement("chat-session");

  registry.mount(host, { inbox: "support" });
  registry.unmount(host);
  await settled();

  expect(host.isConnected).toBe(false);
});

it("leaves the page in reach where it ended before it could cover it", async () => {
  const page = document.body.appendChild(document.createElement("main"));
  vi.spyOn(window, "matchMedia").mockImplementation(
    (media) => ({ matches: true, media, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList,
  );
  const { instance } = await stage(state());
  expect(page.inert).toBe(true);
  instance.toggle(false);

  instance.toggle(true);
  instance.end();
  await settled();

  expect(page.inert).toBe(false);
});

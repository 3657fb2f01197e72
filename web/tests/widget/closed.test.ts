// @vitest-environment happy-dom

import { afterEach, expect, it } from "vitest";
import { settled, stage, strike } from "./stage";
import { message, session, state } from "./states";

afterEach(strike);

const closed = () => stage(state({ session: session({ seq: 1 }), known: 1, head: 1 }), {}, undefined, false);

it("has no panel before it is opened for the first time, and keeps it from then on", async () => {
  const { all, instance, one } = await closed();
  expect(all(".panel")).toEqual([]);

  instance.toggle(true);
  await settled();
  expect(one(".panel").hidden).toBe(false);
  instance.toggle(false);
  await settled();

  expect(one(".panel").hidden).toBe(true);
});

it("says and shows what is new while there is no panel", async () => {
  const { all, heard, one, show } = await closed();

  await show({ items: [message(2, { text: "Hello" })], head: 2, known: 2, unread: 1 });

  expect(one(".badge").textContent).toBe("1");
  expect(document.title).toMatch(/^\(1\)/);
  expect(heard()).toEqual(["New message from Finch"]);
  expect(all(".panel")).toEqual([]);
});

it("gives the focus to nobody where it was closed again before the panel came", async () => {
  const { instance, one, root } = await closed();
  const elsewhere = document.body.appendChild(document.createElement("input"));

  instance.toggle(true);
  instance.toggle(false);
  elsewhere.focus();
  await settled();

  expect(document.activeElement).toBe(elsewhere);
  expect(root.activeElement).toBeNull();
  expect(one(".launcher").getAttribute("aria-expanded")).toBe("false");
  elsewhere.remove();
});

it("is drawn anew in another language without a panel that nobody opened", async () => {
  const { all, instance, one } = await closed();
  const { default: german } = await import("../../widget/locale/de");

  instance.speak(german);
  await settled();

  expect(one(".launcher").getAttribute("aria-label")).toBe("Chat öffnen");
  expect(all(".panel")).toEqual([]);
});

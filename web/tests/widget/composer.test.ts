// @vitest-environment happy-dom

import { afterEach, describe, expect, it } from "vitest";
import { sends } from "../../widget/views/composer";
import { keydown, stage, strike } from "./stage";
import { CONFIG, message, mine, session, state } from "./states";

afterEach(strike);

describe("the composer", () => {
  it.each<[string, KeyboardEventInit, boolean]>([
    ["Enter", {}, true],
    ["Shift and Enter", { shiftKey: true }, false],
    ["the Enter that ends a composition", { isComposing: true }, false],
    ["the same in Safari", { keyCode: 229 }, false],
  ])("on %s", (_, more, expected) => {
    expect(sends(keydown("Enter", more))).toBe(expected);
  });

  it("sends on Enter, empties itself and keeps the focus", async () => {
    const { one, chat, root } = await stage(state({ session: session(), items: [message(1, { text: "Hi" })] }));
    const input = one<HTMLTextAreaElement>(".composer textarea");
    input.value = "  Where is my parcel?  ";

    input.dispatchEvent(keydown("Enter"));

    expect(chat.asked).toContainEqual(["send", "Where is my parcel?"]);
    expect(input.value).toBe("");
    expect(root.activeElement).toBe(input);
  });

  it("keeps a draft with every letter, and tells that somebody writes", async () => {
    const { one, chat } = await stage(state({ session: session() }));
    const input = one<HTMLTextAreaElement>(".composer textarea");
    input.value = "Wh";

    input.dispatchEvent(new Event("input"));

    expect(chat.getState().draft).toBe("Wh");
    expect(chat.asked).toContainEqual(["typing"]);
  });

  it("takes a draft of another tab, but never over what is written here", async () => {
    const { one, show } = await stage(state({ session: session(), draft: "from before" }));
    const input = one<HTMLTextAreaElement>(".composer textarea");
    expect(input.value).toBe("from before");

    input.focus();
    input.value = "mine";
    await show({ draft: "theirs" });

    expect(input.value).toBe("mine");
  });

  it("keeps nothing of somebody who left, focused or not", async () => {
    const { one, show } = await stage(state({ session: session(), draft: "Between us" }));
    const input = one<HTMLTextAreaElement>(".composer textarea");
    input.focus();

    await show({ draft: "", session: null });

    expect(input.value).toBe("");
  });

  it("shows what it sent again only if it could not be written down", async () => {
    const { one, chat, show } = await stage(state({ session: session() }));
    const input = one<HTMLTextAreaElement>(".composer textarea");
    let end = () => {};
    chat.send = () => new Promise((resolve) => (end = resolve));
    input.value = "Where is my parcel?";
    input.dispatchEvent(new Event("input"));

    input.dispatchEvent(keydown("Enter"));
    await show({ link: "connecting" });
    expect(input.value).toBe("");
    end();
    await show({ link: "offline" });

    expect(input.value).toBe("Where is my parcel?");
  });

  it("stops an answer while nothing is written", async () => {
    const writing = { turn: 1, attempt: 1, text: "Well", working: null, chars: 4, isBroken: false };
    const { one, chat } = await stage(state({ session: session(), items: [mine(1, "Hi")], writing }));
    expect(one(".send").getAttribute("aria-label")).toBe("Stop answering");

    one(".composer").dispatchEvent(new Event("submit", { cancelable: true }));

    expect(chat.asked).toContainEqual(["stop"]);
  });

  it("sends what was written early as soon as nothing is asked for first, and keeps it where something is", async () => {
    for (const [consent, isSent] of [
      [null, true],
      [{ text: "Kept for 90 days.", link: null }, false],
    ] as const) {
      const { one, chat, show } = await stage(state({ config: null }));
      const input = one<HTMLTextAreaElement>(".composer textarea");
      input.value = "Hello";
      input.dispatchEvent(keydown("Enter"));
      expect(chat.asked).not.toContainEqual(["send", "Hello"]);
      expect(input.value).toBe("Hello");

      await show({ config: { ...CONFIG, consent } });

      expect(chat.asked.some(([act]) => act === "send")).toBe(isSent);
      expect(input.value).toBe(isSent ? "" : "Hello");
      strike();
    }
  });

  it("comes once the visitor agreed, where that is asked for", async () => {
    const consent = { text: "Kept for 90 days.", link: null };
    const { one, button } = await stage(state({ config: { ...CONFIG, consent } }));
    expect(one(".composer").hidden).toBe(true);

    button("Agree and start").click();

    expect(one(".composer").hidden).toBe(false);
  });
});

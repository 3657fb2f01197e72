// @vitest-environment happy-dom

import { afterEach, describe, expect, it, vi } from "vitest";
import { SPOKEN_MS } from "../../widget/announcer";
import { settled, stage, strike } from "./stage";
import { ago, message, mine, notice, session, state } from "./states";

afterEach(strike);

describe("what a screen reader is told", () => {
  const opened = () => stage(state({ session: session({ seq: 1 }), items: [message(1, { text: "Hello" })], known: 1 }));

  it("is nothing of what was there before", async () => {
    const { heard } = await opened();

    expect(heard()).toEqual([]);
  });

  it("is a finished answer once, whole and plain", async () => {
    const { show, heard, chat } = await opened();
    const answer = message(3, { text: "It takes **two** days:\n\n- one\n- two" });
    for (const text of ["It", "It takes", "It takes **two** days:"]) {
      await show({ writing: { turn: 1, attempt: 1, text, working: null, chars: text.length, isBroken: false } });
    }

    const items = [...chat.getState().items, mine(2, "How long?"), answer];
    await show({ items, head: 3, known: 3, writing: null });
    await show({ unread: 1 });

    expect(heard()).toEqual(["Finch:\nIt takes two days:\none\ntwo"]);
  });

  it("is the bot's apology, and not once more that an answer failed", async () => {
    const { show, heard, chat } = await opened();
    const failed = notice(4, { type: "turn_failed", turn: 1, attempt: 2, reason: "silent" });

    const items = [...chat.getState().items, mine(2, "How long?"), message(3, { text: "Sorry." }), failed];
    await show({ items, head: 4, known: 4 });

    expect(heard()).toEqual(["Finch:\nSorry."]);
  });

  it("is that an answer takes its time, once", async () => {
    const { chat, heard, show } = await opened();
    const writing = { turn: 1, attempt: 1, text: "", working: null, chars: 0, isBroken: false };
    // Whoever says it is fetched with the first news.
    await show({ writing });
    await show({ writing: null });
    vi.useFakeTimers();

    for (const text of ["", "a", "ab"]) {
      chat.become({ writing: { ...writing, turn: 2, text } });
      vi.advanceTimersByTime(800);
    }
    vi.useRealTimers();
    await settled();

    expect(heard()).toEqual(["Finch is answering"]);
  });

  it("is gone again after it was read out", async () => {
    const { instance } = await opened();
    vi.useFakeTimers();

    instance.announcer.say("Hello");
    expect(instance.announcer.node.textContent).toBe("Hello");
    vi.advanceTimersByTime(SPOKEN_MS);

    expect(instance.announcer.node.textContent).toBe("");
  });

  it("is an error at once", async () => {
    const { show, root } = await opened();
    const problem = { act: "close" as const, type: "", title: "", status: 409, code: "x", detail: "Not now." };

    await show({ problem });

    expect(root.querySelector("[role=alert]")?.textContent).toBe("Not now.");
  });

  it("is that the chat is about to close", async () => {
    const { show, root, one, button, chat } = await opened();
    const warned = session({ warned_at: ago(1), closes_at: ago(-90), closes_because: "timeout" });

    await show({ session: warned });

    expect(root.querySelector("[role=alert]")?.textContent).toContain("Nobody has written for a while.");
    expect(one(".warning p").textContent).toMatch(/This chat ends in 1:\d\d/);
    button("Keep chatting").click();
    expect(chat.asked).toContainEqual(["keepOpen"]);
  });
});

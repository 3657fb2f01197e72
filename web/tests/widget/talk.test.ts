// @vitest-environment happy-dom

import { afterEach, describe, expect, it } from "vitest";
import { keydown, settled, stage, strike } from "./stage";
import { ago, CONFIG, message, mine, notice, pending, session, state } from "./states";

afterEach(strike);

describe("the transcript", () => {
  it("shows a message under the same node from the first keystroke's copy to the stored one", async () => {
    const first = { session: session(), items: [message(1, { text: "Hi" })] };
    const { show, one } = await stage(state({ ...first, pending: [pending({ clientId: "c2", text: "Yes" })] }));
    const node = one(".me");
    expect(node.textContent).toContain("Sending…");

    await show({ pending: [], items: [...first.items, mine(2, "Yes")] });

    expect(one(".me")).toBe(node);
    expect(node.textContent).not.toContain("Sending…");
  });

  it("walks from message to message with the arrow keys", async () => {
    const items = [mine(1, "a"), message(2, { text: "b" }), mine(3, "c")];
    const { one, all, root } = await stage(state({ session: session(), items }));
    const log = one(".log");

    log.focus();
    log.dispatchEvent(keydown("ArrowUp"));
    expect(root.activeElement).toBe(all("article")[2]);
    root.activeElement?.dispatchEvent(keydown("ArrowUp"));
    expect(root.activeElement).toBe(all("article")[1]);
    root.activeElement?.dispatchEvent(keydown("Home"));
    expect(root.activeElement).toBe(all("article")[0]);
  });

  it("is no live region", async () => {
    const { one } = await stage(state({ session: session() }));

    expect(one(".log").getAttribute("role")).toBe("log");
    expect(one(".log").getAttribute("aria-live")).toBe("off");
  });

  it("offers to send again what failed, and gives back what is deleted", async () => {
    const { button, chat } = await stage(state({ session: session(), pending: [pending({ status: "failed" })] }));

    button("Try again").click();
    button("Delete").click();

    expect(chat.asked).toContainEqual(["retry", "p1"]);
    expect(chat.asked).toContainEqual(["discard", "p1"]);
    expect(chat.getState().draft).toBe("Can I still change the address?");
  });

  it("gives back what would be refused again, before what was begun since", async () => {
    const detail = "text has 20000 characters; the limit is 16000.";
    const problem = { type: "about:blank", title: "Too large", status: 413, code: "too_large", detail };
    const failed = pending({ status: "failed", problem });
    const { button, chat, root } = await stage(state({ session: session(), pending: [failed], draft: "And" }));
    expect(root.textContent).not.toContain("Try again");

    button("Edit").click();

    expect(chat.asked).toContainEqual(["discard", "p1"]);
    expect(chat.getState().draft).toBe("Can I still change the address?\nAnd");
  });

  it("offers to ask again only while the server would take it", async () => {
    const failed = notice(3, { type: "turn_failed", turn: 1, attempt: 1, reason: "silent" });
    const items = [mine(1, "Hi"), failed];
    const { button, show, chat } = await stage(state({ session: session({ can_retry: true }), items }));

    button("Ask again").click();
    expect(chat.asked).toContainEqual(["retryTurn"]);

    await show({ session: session({ can_retry: false }), items: [...items, mine(4, "Well then")] });
    expect(button("Ask again").hidden).toBe(true);
  });

  it("offers to ask again though something came after that nobody is told of, and once the server says so", async () => {
    const failed = notice(2, { type: "turn_failed", turn: 1, attempt: 1, reason: "silent" });
    const items = [mine(1, "Hi"), failed, notice(3, { type: "human_offered", reason: "failed" })];
    const { button, show } = await stage(state({ session: session({ can_retry: false }), items }));
    expect(button("Ask again").hidden).toBe(true);

    await show({ session: session({ can_retry: true }), items });

    expect(button("Ask again").hidden).toBe(false);
  });

  it("says once that an answer failed: after the bot's apology it only offers to ask again", async () => {
    const failed = notice(3, { type: "turn_failed", turn: 1, attempt: 1, reason: "silent" });
    const asked = mine(1, "Hi");
    const { button, show, one, all } = await stage(
      state({ session: session({ can_retry: true }), items: [asked, message(2, { text: "Sorry." }), failed] }),
    );
    expect(one(".list").textContent).not.toContain("The answer could not be finished.");
    expect(button("Ask again").hidden).toBe(false);

    await show({ session: session({ can_retry: false }) });
    expect(all(".replies:not([hidden])")).toEqual([]);

    await show({ items: [asked, { ...failed, key: "n4", seq: 4 }] });
    expect(one(".list").textContent).toContain("The answer could not be finished.");
  });

  it("takes quick replies away once there is something newer", async () => {
    const items = [message(1, { text: "Which?", parts: [{ kind: "quick_replies", options: ["This", "That"] }] })];
    const { button, show, all, chat } = await stage(state({ session: session(), items }));

    button("That").click();
    expect(chat.asked).toContainEqual(["send", "That"]);

    await show({ pending: [pending({ text: "That" })] });
    expect(all(".replies")).toEqual([]);
  });
});

describe("a form", () => {
  const fields = [
    { name: "order", label: "Order", type: "text", required: true },
    { name: "count", label: "How many", type: "number" },
  ];
  const items = [message(1, { text: "Please:", parts: [{ kind: "form", id: "f1", title: "Return", fields }] })];

  it("says what is missing where it is missing, and sends nothing", async () => {
    const { one, button, chat, root } = await stage(state({ session: session(), items }));

    button("Send").click();

    const input = one<HTMLInputElement>(".field input");
    expect(input.getAttribute("aria-invalid")).toBe("true");
    expect(root.getElementById(input.getAttribute("aria-describedby") ?? "")?.textContent).toBe("This is needed.");
    expect(root.activeElement).toBe(input);
    expect(chat.asked.map(([act]) => act)).not.toContain("send");
  });

  it("is sent once and shows that", async () => {
    const { all, button, show, chat, one } = await stage(state({ session: session(), items }));
    const [order, count] = all(".field input") as HTMLInputElement[];
    if (!order || !count) throw new Error("no inputs");
    [order.value, count.value] = ["4711", "2"];

    button("Send").click();

    const parts = [{ kind: "form_answer", form: "f1", values: { order: "4711", count: 2 } }];
    expect(chat.asked).toContainEqual(["send", "Order: 4711\nHow many: 2", { parts }]);
    await show({ pending: [pending({ parts })] });
    expect(one(".form").textContent).toBe("Return: Answered");
  });
});

describe("the end of a chat", () => {
  const closed = session({ phase: "closed", close_reason: "timeout", closed_at: ago(5), allowed: ["resume", "new"] });

  it("asks once how it was, as a whole", async () => {
    const { one, button, chat, show } = await stage(state({ session: closed }));
    one<HTMLInputElement>("input[name=solved][value=true]").checked = true;
    one<HTMLInputElement>("input[name=score][value='4']").checked = true;

    button("Send rating").click();
    expect(chat.asked).toContainEqual(["rate", { solved: true, score: 4 }]);

    await show({ rating: { period: 1, part: "session", score: 4, solved: true, comment: null } });
    expect(one(".rating").textContent).toContain("Thank you");
    button("Change").click();
    await settled();
    expect(one<HTMLInputElement>("input[name=score][value='4']").checked).toBe(true);
  });

  it("is not asked about where the inbox does not want that", async () => {
    const { one } = await stage(state({ session: closed, config: { ...CONFIG, rating: null } }));

    expect(one(".rating").hidden).toBe(true);
  });

  it("lets go on, or begin anew, and write either way", async () => {
    const { button, chat, one } = await stage(state({ session: closed }));

    button("Continue this chat").click();
    button("Start a new chat").click();

    expect(chat.asked.map(([act]) => act)).toEqual(expect.arrayContaining(["resume", "startNew"]));
    expect(one<HTMLTextAreaElement>(".composer textarea").placeholder).toBe("Write to go on with this chat…");
  });
});

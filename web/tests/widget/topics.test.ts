// @vitest-environment happy-dom

import { afterEach, describe, expect, it } from "vitest";
import { ENGLISH } from "../../widget/locale";
import { en } from "../../widget/locale/en";
import { EARLIER_TOPICS_MAX, earlierTopics } from "../../widget/topics";
import { earlier } from "../../widget/views/earlier";
import { Words } from "../../widget/words";
import { type Stage, stage, strike } from "./stage";
import { ago, CONFIG, message, mine, notice, session, state, thread } from "./states";

afterEach(strike);

const CLOSED = session({ id: "ses_0", phase: "archived", closed_at: ago(9_000), allowed: ["new"] });
const RESUMABLE = session({ id: "ses_0", phase: "closed", closed_at: ago(60), allowed: ["resume", "new"] });
const MANUAL = { ...CONFIG, threads: "manual" } as const;
const DELIVERY = thread("thr_1", "Delivery");
const RETURN = thread("thr_2", "Return", { current: true });
const TWO = [DELIVERY, RETURN];

/** A chat about a delivery and then about a return. */
function talking(): Promise<Stage> {
  const items = [
    mine(2, "When does it come?", { thread: "thr_1" }),
    message(3, { text: "Tomorrow.", thread: "thr_1" }),
    notice(4, { type: "thread_started", thread: "thr_2", title: "Return" }),
    mine(5, "Can I send it back?", { thread: "thr_2" }),
    notice(6, { type: "floor_changed", floor: "agent", reason: "claimed", agent_name: "Carla" }),
    notice(7, { type: "thread_resolved", thread: "thr_1" }),
  ];
  return stage(state({ config: MANUAL, session: session({ threads: TWO }), items }));
}

const only = ({ one }: Stage) => one("[aria-label='Only this topic']");
const bubbles = ({ all }: Stage) => all(".bubble").map((each) => each.textContent);
const notices = ({ all }: Stage) => all(".notice span").map((each) => each.textContent);

describe("the topics of a chat", () => {
  it("can be seen one at a time, with all that is about the chat as a whole", async () => {
    const shown = await talking();
    expect(bubbles(shown)).toHaveLength(3);
    expect(notices(shown)).toContain("Topic done: Delivery");

    only(shown).click();
    await shown.show({});

    expect(bubbles(shown)).toEqual(["Can I send it back?"]);
    expect(notices(shown)).toEqual(["New topic: Return", "Carla joined the chat"]);
    expect(only(shown).getAttribute("aria-pressed")).toBe("true");
    only(shown).click();
    await shown.show({});
    expect(bubbles(shown)).toHaveLength(3);
  });

  it("show the other one alone when that becomes current", async () => {
    const shown = await talking();
    only(shown).click();

    const threads = [
      { ...DELIVERY, current: true },
      { ...RETURN, current: false },
    ];
    await shown.show({ session: session({ threads }) });

    expect(bubbles(shown)).toEqual(["When does it come?", "Tomorrow."]);
  });

  it("show all again when the chat has ended", async () => {
    const shown = await talking();
    only(shown).click();

    await shown.show({ session: session({ phase: "closed", threads: TWO }) });

    expect(bubbles(shown)).toHaveLength(3);
  });

  it("show all again to whoever comes after a visitor who left, even behind a closed chat", async () => {
    const shown = await talking();
    const { session: next, items } = shown.chat.getState();
    only(shown).click();
    shown.instance.toggle(false);

    await shown.show({ session: null, items: [] });
    await shown.show({ session: next, items });
    shown.instance.toggle(true);
    await shown.show({});

    expect(bubbles(shown)).toHaveLength(3);
  });

  it("are not sorted out while there is one", async () => {
    const one = [thread("thr_2", "Return", { current: true })];
    const items = [mine(5, "Can I send it back?", { thread: "thr_2" })];
    const { all } = await stage(state({ config: MANUAL, session: session({ threads: one }), items }));

    expect(all(".topics button").map((each) => each.textContent)).toEqual(["Return", "New topic"]);
  });
});

describe("a topic of an earlier chat", () => {
  const CHATS = [session({ threads: TWO }), { ...CLOSED, threads: [thread("thr_0", "Broken lamp")] }];

  it("is offered where another topic is named, and goes on with a click", async () => {
    const shown = await talking();
    shown.button("New topic").click();
    await shown.show({ earlier: CHATS });
    expect(shown.chat.asked).toContainEqual(["listEarlier"]);

    shown.button("Broken lamp").click();
    await shown.show({});

    expect(shown.chat.asked).toContainEqual(["continueThread", "thr_0", "ses_0"]);
    expect(shown.one(".naming").hidden).toBe(true);
    expect(shown.root.activeElement).toBe(shown.one(".composer textarea"));
  });

  it("goes on from the chat that is read", async () => {
    const past = { session: { ...CLOSED, threads: [thread("thr_0", "Broken lamp"), thread("thr_9", "")] }, items: [] };
    const shown = await stage(state({ config: MANUAL, session: session(), past }));
    await shown.show({}, { page: "earlier" });
    expect(shown.all(".foot button").map((each) => each.textContent)).toEqual(["Continue: Broken lamp"]);

    shown.button("Continue: Broken lamp").click();
    await shown.show({});

    expect(shown.chat.asked).toContainEqual(["continueThread", "thr_0", "ses_0"]);
    expect(shown.instance.ui.page).toBe("chat");
  });

  it("stays where it is read, where that is refused", async () => {
    const past = { session: { ...CLOSED, threads: [thread("thr_0", "Broken lamp")] }, items: [] };
    const shown = await stage(state({ config: MANUAL, session: session(), past }));
    await shown.show({}, { page: "earlier" });
    const problem = { act: "continueThread", type: "", title: "", status: 413, code: "too_large", detail: "Too many." };

    shown.chat.continueThread = async () => shown.chat.become({ problem: problem as never });
    shown.button("Continue: Broken lamp").click();
    await shown.show({});

    expect(shown.instance.ui.page).toBe("earlier");
  });

  it("is read in words, though no chat has begun here", async () => {
    const { instance } = await stage(state({ config: MANUAL }));
    instance.words = new Words(ENGLISH, en);

    const read = earlier(instance);
    read.update(state({ config: MANUAL, past: { session: RESUMABLE, items: [mine(2, "Hello")] } }));

    expect(read.node.textContent).toContain("You said");
    expect([...read.node.querySelectorAll("button.main")].map((each) => each.textContent)).toEqual([
      "Continue this chat",
    ]);
  });

  it("is not offered where the inbox does not keep topics apart", async () => {
    const past = { session: { ...CLOSED, threads: [thread("thr_0", "Broken lamp")] }, items: [] };
    const shown = await stage(state({ session: session(), past }));
    await shown.show({}, { page: "earlier" });

    expect(shown.all(".foot button")).toEqual([]);
  });

  it("is found once, where it was last, if it has a name and is not here already", () => {
    const threads = [thread("thr_0", "Lamp"), thread("thr_1", "Delivery"), thread("thr_9", "")];
    const many = Array.from({ length: 9 }, (_, at) => thread(`thr_m${at}`, `Topic ${at}`));
    const chats = [session({ id: "b", threads }), session({ id: "a", threads: [...threads, ...many] })];

    const found = earlierTopics(state({ session: session({ threads: TWO }), earlier: chats }));

    expect(found.slice(0, 2).map(({ thread: { title }, session }) => [title, session])).toEqual([
      ["Lamp", "b"],
      ["Topic 0", "a"],
    ]);
    expect(found).toHaveLength(EARLIER_TOPICS_MAX);
  });
});

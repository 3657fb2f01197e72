// @vitest-environment happy-dom

import { afterEach, describe, expect, it } from "vitest";
import type { MessagePart } from "../../client/items";
import { type Stage, settled, stage, strike } from "./stage";
import { CONFIG, session, state } from "./states";

const FILES = { types: ["image/png", "text/plain"], bytes_max: 1_000, per_session_max: 5 } as const;

const CONSENT = { text: "Kept for 90 days.", link: null };

afterEach(strike);

function file(name: string, type = "text/plain", size = 10): File {
  return new File(["x".repeat(size)], name, { type });
}

/** A chat in which each file is answered as the test says; a name that is not there is refused. */
async function taking(arrives: Readonly<Record<string, MessagePart>>, open = true): Promise<Stage> {
  const shown = await stage(state({ config: { ...CONFIG, files: FILES }, session: open ? session() : null }));
  shown.chat.upload = async ({ name }) => {
    if (!arrives[name]) shown.chat.become({ problem: refusal("This session has as many files as it may have.") });
    return arrives[name] ?? null;
  };
  return shown;
}

function refusal(detail: string) {
  return { act: "upload", type: "", title: "", status: 413, code: "too_large", detail } as const;
}

function transfer(files: readonly File[], types: readonly string[] = ["Files"]): DataTransfer {
  return { files, types, dropEffect: "none" } as unknown as DataTransfer;
}

function drag(type: "dragover" | "drop", dataTransfer: DataTransfer): Event {
  return Object.assign(new Event(type, { bubbles: true, cancelable: true }), { dataTransfer });
}

function paste(clipboardData: DataTransfer): Event {
  return Object.assign(new Event("paste", { bubbles: true, cancelable: true }), { clipboardData });
}

const rows = ({ all }: Stage) => all(".tray li").map((row) => row.querySelector("span")?.textContent);
const sent = ({ chat }: Stage) => chat.asked.filter(([act]) => act === "send");

describe("files that are given along", () => {
  it("are offered before the first message too", async () => {
    expect((await taking({}, false)).all(".picker")).toHaveLength(1);
  });

  it("go together in one message when they are dropped together", async () => {
    const parts = { "a.txt": { kind: "file", file: "f1" }, "b.png": { kind: "file", file: "f2" } };
    const shown = await taking(parts);

    const dropped = drag("drop", transfer([file("a.txt"), file("b.png", "image/png")]));
    shown.one(".panel").dispatchEvent(dropped);
    expect(rows(shown)).toEqual(["a.txtSending…", "b.pngSending…"]);
    await settled();

    expect(dropped.defaultPrevented).toBe(true);
    expect(sent(shown)).toEqual([["send", "", { parts: [parts["a.txt"], parts["b.png"]] }]]);
    expect(rows(shown)).toEqual([]);
    expect(shown.heard().join()).toContain("Sending a.txt, b.png…");
  });

  it.each([
    [file("run.exe", "application/x-msdownload"), "Files of this kind cannot be sent. Possible are: PNG, PLAIN."],
    [file("long.txt", "text/plain", 2_000), "This file is too large: at most 1 kB."],
  ])("say why one is not taken, and the others go: %o", async (bad, why) => {
    const shown = await taking({ "a.txt": { kind: "file", file: "f1" } });

    shown.one(".composer").dispatchEvent(paste(transfer([bad, file("a.txt")])));
    await settled();

    expect(rows(shown)).toEqual([bad.name + why]);
    expect(shown.heard().join()).toContain(`${bad.name}: ${why}`);
    expect(sent(shown)).toHaveLength(1);
    expect(shown.all(".tray .plain:not([hidden])")).toHaveLength(0);
    shown.one(".tray .icon").click();
    await settled();
    expect(shown.one(".tray").hidden).toBe(true);
  });

  it("say what the server said, where the file is, and can be tried again", async () => {
    const arrives: Record<string, MessagePart> = {};
    const shown = await taking(arrives);
    shown.one(".panel").dispatchEvent(drag("drop", transfer([file("a.txt")])));
    await settled();
    expect(rows(shown)).toEqual(["a.txtThis session has as many files as it may have."]);
    expect(shown.one(".banner").hidden).toBe(true);

    arrives["a.txt"] = { kind: "file", file: "f1" };
    shown.button("Try again").click();
    await settled();

    expect(sent(shown)).toEqual([["send", "", { parts: [{ kind: "file", file: "f1" }] }]]);
    expect(rows(shown)).toEqual([]);
  });

  it("are not taken out of text that brings a picture of itself along", async () => {
    const shown = await taking({ "image.png": { kind: "file", file: "f1" } });
    const table = paste(transfer([file("image.png", "image/png")], ["text/plain", "text/html", "Files"]));

    shown.one(".composer").dispatchEvent(table);
    await settled();

    expect(table.defaultPrevented).toBe(false);
    expect(sent(shown)).toEqual([]);
  });

  it("can be dropped while that shows, and nothing but files can", async () => {
    const { one } = await taking({});
    const target = one(".drop");

    one(".panel").dispatchEvent(drag("dragover", transfer([], ["text/plain"])));
    expect(target.hidden).toBe(true);
    one(".panel").dispatchEvent(drag("dragover", transfer([])));
    expect(target.hidden).toBe(false);
    one(".panel").dispatchEvent(new Event("dragleave"));
    expect(target.hidden).toBe(true);
  });

  it.each([
    ["before the visitor agreed", state({ config: { ...CONFIG, files: FILES, consent: CONSENT } }), "chat"],
    [
      "into a list of chats",
      state({ config: { ...CONFIG, files: FILES }, session: session(), earlier: [] }),
      "earlier",
    ],
    ["into an inbox that takes none any more", state({ config: { ...CONFIG, files: FILES } }), "chat"],
  ] as const)("are not taken %s", async (_, at, page) => {
    const { one, show } = await stage(at);
    await show(page === "chat" && !at.config?.consent ? { config: CONFIG } : {}, { page });

    one(".panel").dispatchEvent(drag("dragover", transfer([])));
    expect(one(".drop").hidden).toBe(true);
    one(".panel").dispatchEvent(drag("drop", transfer([file("a.txt")])));
    expect(one(".tray").children).toHaveLength(0);
  });

  it("leave with whoever wanted to send them", async () => {
    const shown = await taking({});
    await shown.show({ who: { id: "vis_1", name: "Ana", identified: true } as never });
    shown.one(".panel").dispatchEvent(drag("drop", transfer([file("secret.txt")])));
    await settled();

    await shown.show({ who: null, session: null, problem: null });

    expect(rows(shown)).toEqual([]);
  });

  it("are not sent by whoever comes next", async () => {
    const shown = await taking({});
    await shown.show({ who: { id: "vis_1", name: "Ana", identified: true } as never });
    const brought: string[] = [];
    let arrive: (part: MessagePart) => void = () => undefined;
    shown.chat.upload = ({ name }) => {
      brought.push(name);
      return new Promise((resolve) => (arrive = resolve));
    };
    shown.one(".panel").dispatchEvent(drag("drop", transfer([file("secret.txt"), file("more.txt")])));
    await settled();

    await shown.show({ who: null, session: null });
    arrive({ kind: "file", file: "f1" });
    await settled();

    expect(brought).toEqual(["secret.txt"]);
    expect(sent(shown)).toEqual([]);
  });
});

// What a visitor asked for ends with them, and with the chat; and what nobody can have is refused here.

import { expect, test } from "vitest";
import { createChat } from "../client/chat";
import { settled, World } from "./world";

const KNOWN = { who: { id: "vis_1", identified: false }, token: "t_1", subject: null };
const WAITING = { clientId: "m_1", text: "Hello", at: 1_700_000_000_000, status: "queued", session: null };

/** A browser that remembers a visitor, and a server that answers as a test says. */
function remembered(fetch: (path: string) => Promise<Response>) {
  const world = new World({ fetch: (url) => fetch(new URL(url).pathname) });
  world.kept.set("cs:shop:v", JSON.stringify(KNOWN));
  const chat = createChat({ inbox: "shop", origin: "https://chat.example", browser: world.open() });
  return { world, chat, asked: () => world.requests.map(({ method, path }) => `${method} ${path}`) };
}

test("a chat that is over while it begins sends nothing of what waits", async () => {
  const breaks: (() => void)[] = [];
  const away = () => new Promise<never>((_, fail) => breaks.push(() => fail(new TypeError("Failed to fetch"))));
  const { world, chat, asked } = remembered(away);
  world.kept.set("cs:shop:o:m_1", JSON.stringify({ ...WAITING, parts: [], thread: null, page: null }));
  void chat.start();
  await expect.poll(asked).toContain("GET /v1/visitors/me/sessions");

  chat.destroy();
  for (const fail of breaks) fail();
  await settled();

  expect(asked().filter((call) => call.startsWith("POST"))).toEqual([]);
  expect([...world.kept.keys()]).toContain("cs:shop:o:m_1");
});

test("what the inbox asks of visitors is asked for until it is known, and stays when they leave", async () => {
  let isAway = true;
  const { world, chat, asked } = remembered(async (path) => {
    if (path.endsWith("/widget") && isAway) throw new TypeError("Failed to fetch");
    return Response.json(path.endsWith("/widget") ? { title: "Shop" } : { sessions: [] });
  });
  await chat.start();
  expect(chat.getState().config).toBeNull();

  isAway = false;
  world.advance(60_000);
  await expect.poll(() => chat.getState().config).toEqual({ title: "Shop" });
  await chat.logout();

  expect(chat.getState().config).toEqual({ title: "Shop" });
  expect(asked().filter((call) => call.endsWith("/widget"))).toHaveLength(2);
});

test("a file stays with the visitor who chose it, and is nobody's when they leave", async () => {
  const { chat, asked } = remembered(async () => Response.json({ sessions: [] }));
  await chat.start();
  const file = Object.assign(new Blob(["x"]), { name: "bill.txt" });

  const uploading = chat.upload(file);
  await chat.logout();

  expect(await uploading).toBeNull();
  expect(asked()).toContain("POST /v1/visitors/me/logout");
  expect(asked().filter((call) => call.startsWith("POST /v1/inboxes/"))).toEqual([]);
});

test.each([
  ["keepOpen", []],
  ["rate", [{ score: 5 }]],
  ["askHuman", []],
  ["startThread", ["Return"]],
  ["setContext", [{ plan: "gold" }]],
  ["downloadTranscript", []],
  ["linkElsewhere", []],
] as const)("%s is refused in words where there is no chat yet, and no server is asked", async (act, args) => {
  const { chat, asked } = remembered(async () => Response.json({ sessions: [] }));

  await (chat[act] as (...args: readonly unknown[]) => Promise<unknown>)(...args);

  expect(chat.getState().problem).toMatchObject({ act, code: "no_session", title: "There is no chat yet." });
  expect(asked()).toEqual([]);
});

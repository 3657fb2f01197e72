// A browser whose client talks to the real server, and how tests wait for what it shows.

import { createHmac } from "node:crypto";
import { createChat } from "../../client/chat";
import type { Chat, State } from "../../client/state";
import { type Tab, World, type WorldOptions } from "../world";
import type { Server } from "./server";

/** What the bot says slowly, or for ever. */
export const WORDS = Array.from({ length: 40 }, (_, index) => `word${index + 1} `).join("");
const WAIT_MS_MAX = 30_000;
const SECRET = "a-secret-of-the-shop-that-is-long-enough-for-every-algorithm-that-signs";

export interface Page {
  readonly tab: Tab;
  readonly chat: Chat;
}

export function browser(options: Partial<WorldOptions> = {}): World {
  return new World({ realTime: true, fetch: (url, init) => fetch(url, init), ...options });
}

export function page(world: World, server: Server, inbox = "shop"): Page {
  const tab = world.open();
  return { tab, chat: createChat({ inbox, origin: server.origin, browser: tab, metadata: () => ({ page: "socks" }) }) };
}

/** Wait until the screen shows something; the state that did. */
export function shows({ chat }: Page, what: string, isSo: (state: State) => unknown): Promise<State> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      stop();
      reject(new Error(`Not seen: ${what}. ${JSON.stringify(chat.getState(), null, 1)}`));
    }, WAIT_MS_MAX);
    const look = (state: State) => {
      if (!isSo(state)) return;
      clearTimeout(late);
      stop();
      resolve(state);
    };
    const stop = chat.subscribe(look);
    look(chat.getState());
  });
}

/** Somebody who has asked and got an answer. */
export async function talking(server: Server, world = browser()): Promise<Page> {
  const shop = page(world, server);
  await shop.chat.send("Hello");
  await answers(shop, 1);
  return shop;
}

/** One that was answered, and a second one of the same browser that shows it. */
export async function inTwoTabs(server: Server, world: World): Promise<readonly [Page, Page]> {
  const one = await talking(server, world);
  const two = page(world, server);
  await two.chat.start();
  await answers(two, 1);
  return [one, two];
}

export function sessionOf({ session }: State): string {
  return session?.id ?? "";
}

export function messages(state: State): string[] {
  return state.items.flatMap((item) => (item.kind === "message" ? [`${item.by}: ${item.text}`] : []));
}

/** Wait until so many answers of the service are there, and nothing is being written. */
export function answers(shown: Page, count: number): Promise<State> {
  return shows(shown, `${count} answers`, (state) => {
    const theirs = state.items.filter((item) => item.kind === "message" && item.by !== "visitor");
    return theirs.length >= count && !state.writing;
  });
}

/** What a website signs about somebody. */
export function signed(sub: string, inbox = "shop"): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1_000) + 3_600;
  const claims = { sub, aud: inbox, exp, name: sub, jti: Math.random().toString(36) };
  const body = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${body}.${createHmac("sha256", SECRET).update(body).digest("base64url")}`;
}

/** Let time pass for the server, to what it waits for. */
export async function skip(server: Server, session: string, to: "warning" | "closing" | "window"): Promise<void> {
  await server.ask(server.keys.admin, "POST", "/v1/demo/skip", { session, to });
}

// The stream comes back from where the list stands, neither too eagerly nor too late.

import { describe, expect, test } from "vitest";
import type { Refused } from "../client/api";
import { Link, SILENCE_MS_MAX } from "../client/link";
import { RETRY_MS_MAX, RETRY_MS_MIN, retryMs } from "../client/retry";
import { settled, World } from "./world";

const HELLO = 'event: hello\ndata: {"epoch":"e","head":0,"durability":"D2","server_time":"2026-01-05T12:00:00Z"}\n\n';

/** One connection to the server: what the test lets it say. */
class Connection {
  readonly #encoder = new TextEncoder();
  #body: ReadableStreamDefaultController<Uint8Array> | null = null;
  readonly response: Response;
  isOver = false;

  constructor(
    readonly url: string,
    readonly token: string | null,
    signal: AbortSignal | null,
  ) {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#body = controller;
      },
    });
    signal?.addEventListener("abort", () => this.breakOff());
    this.response = new Response(body);
  }

  async say(text: string): Promise<void> {
    this.#body?.enqueue(this.#encoder.encode(text));
    await settled();
  }

  breakOff(): void {
    this.isOver = true;
    try {
      this.#body?.error(new TypeError("network error"));
    } catch {
      // It was over already.
    }
  }
}

type Refusal = { readonly status: number; readonly code: string; readonly retryAfter?: string };

function linked(refusals: Refusal[] = []) {
  const connections: Connection[] = [];
  const seen = {
    states: [] as string[],
    events: [] as number[],
    heads: [] as number[],
    over: [] as [Refused, unknown][],
  };
  const world = new World({
    fetch: async (url, init) => {
      const refused = refusals.shift();
      const headers = new Headers(init.headers);
      const connection = new Connection(url, headers.get("authorization"), init.signal ?? null);
      connections.push(connection);
      if (!refused) return connection.response;
      const { status, code, retryAfter } = refused;
      const problem = { type: "urn", title: "", status, code, detail: "" };
      return new Response(JSON.stringify(problem), {
        status,
        headers: retryAfter ? { "retry-after": retryAfter } : {},
      });
    },
  });
  const tab = world.open();
  let head = 0;
  const link = new Link({
    browser: tab,
    url: () => `https://chat.example/stream?after=${head}`,
    token: () => "secret",
    onState: (state) => seen.states.push(state),
    onHello: () => undefined,
    onEvent: (event) => {
      head = event.seq;
      seen.events.push(event.seq);
    },
    onSignal: () => undefined,
    onHead: (told) => seen.heads.push(told),
    onOver: (why, token) => seen.over.push([why, token]),
  });
  const last = () => {
    const connection = connections.at(-1);
    if (!connection) throw new Error("Nobody has connected.");
    return connection;
  };
  return { world, tab, link, seen, connections, last };
}

const event = (seq: number) => `id: ${seq}\ndata: {"type":"hidden","seq":${seq},"at":"2026-01-05T12:00:00Z"}\n\n`;

describe("a link", () => {
  test("is online once it was greeted, and passes on what comes", async () => {
    const { world, seen, last } = linked();
    await world.advance(0);

    await last().say(`${HELLO}${event(1)}${event(2)}: head 5\n\n`);

    expect(last().token).toBe("Bearer secret");
    expect(seen).toMatchObject({ states: ["connecting", "online"], events: [1, 2], heads: [5] });
  });

  test("that breaks is opened again from where the list stands", async () => {
    const { world, seen, last, connections } = linked();
    await world.advance(0);
    await last().say(HELLO + event(1));

    last().breakOff();
    await world.advance(RETRY_MS_MAX);

    expect(connections.length).toBe(2);
    expect(last().url).toContain("after=1");
    expect(seen.states).toEqual(["connecting", "online", "reconnecting"]);
  });

  test("breaks off as soon as there is no network, and goes on with it", async () => {
    const { world, link, tab, seen, last, connections } = linked();
    tab.on("online", () => link.hurry());
    await world.advance(0);
    await last().say(HELLO);

    world.setOnline(false);
    await world.advance(0);
    expect(connections[0]?.isOver).toBe(true);
    expect(seen.states.at(-1)).toBe("offline");
    world.setOnline(true);
    await world.advance(0);
    await last().say(HELLO);

    expect(seen.states.at(-1)).toBe("online");
  });

  test("waits longer each time, up to a limit, and begins anew after a greeting", async () => {
    const failing = Array.from({ length: 12 }, () => ({ status: 502, code: "" }));
    const { world, connections, last } = linked(failing);
    const times: number[] = [];
    for (let tick = 0; tick < 4_000 && connections.length < 13; tick += 1) {
      const before = connections.length;
      await world.advance(100);
      if (connections.length > before) times.push(world.now);
    }
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));

    await last().say(HELLO);
    last().breakOff();
    await world.advance(RETRY_MS_MIN * 2);

    expect(Math.max(...waits)).toBeLessThanOrEqual(RETRY_MS_MAX / 2 + RETRY_MS_MIN);
    expect(waits.at(-1)).toBeGreaterThan((waits[0] ?? 0) * 8);
    expect(connections.length).toBe(14);
  });

  test("that is silent for too long is taken for dead", async () => {
    const { world, last, connections } = linked();
    await world.advance(0);
    await last().say(HELLO);
    await world.advance(SILENCE_MS_MAX - 1_000);
    await last().say(": head 0\n\n");

    await world.advance(SILENCE_MS_MAX - 1_000);
    const alive = connections.length;
    await world.advance(RETRY_MS_MAX);

    expect(alive).toBe(1);
    expect(connections.length).toBe(2);
  });

  test("is tried at once when the network is back", async () => {
    const { world, link, last, connections, seen } = linked();
    await world.advance(0);
    await last().say(HELLO);
    world.setOnline(false);
    last().breakOff();
    await settled();

    world.setOnline(true);
    link.hurry();
    await settled();

    expect(seen.states.at(-1)).toBe("offline");
    expect(connections.length).toBe(2);
  });

  test("keeps to the time a server asks for, however good the news", async () => {
    const { world, link, connections } = linked([{ status: 503, code: "overloaded", retryAfter: "20" }]);
    await world.advance(0);

    link.hurry();
    await world.advance(19_000);
    const early = connections.length;
    await world.advance(1_500);

    expect(early).toBe(1);
    expect(connections.length).toBe(2);
  });

  test("comes back after the time the server names when it ends the stream", async () => {
    const { world, last, connections } = linked();
    await world.advance(0);
    await last().say(`${HELLO}event: end\ndata: {"code":"draining","reconnect":true,"retry_ms":4000}\n\n`);

    await world.advance(3_500);
    const early = connections.length;
    await world.advance(1_000);

    expect(early).toBe(1);
    expect(connections.length).toBe(2);
  });

  test("that is ended for good is not tried again", async () => {
    const { world, last, connections, seen } = linked();
    await world.advance(0);
    await last().say(HELLO);

    await last().say('event: end\ndata: {"code":"revoked","reconnect":false,"retry_ms":0}\n\n');
    await world.advance(RETRY_MS_MAX * 2);

    expect(connections.length).toBe(1);
    expect(seen.states.at(-1)).toBe("refused");
    expect(seen.over.map(([why, token]) => [why.problem.code, token])).toEqual([["revoked", "secret"]]);
  });

  test("that is refused for good is not tried again", async () => {
    const { world, connections, seen } = linked([{ status: 404, code: "not_found" }]);

    await world.advance(RETRY_MS_MAX * 2);

    expect(connections.length).toBe(1);
    expect(seen.over[0]?.[0].problem.code).toBe("not_found");
  });

  test("that is closed says and tries nothing more", async () => {
    const { world, link, last, connections, seen } = linked();
    await world.advance(0);
    await last().say(HELLO);

    link.close();
    await world.advance(RETRY_MS_MAX * 2);

    expect(last().isOver).toBe(true);
    expect(connections.length).toBe(1);
    expect(seen).toMatchObject({ events: [], states: ["connecting", "online"], over: [] });
  });

  test("can be asked for what was missed: it is opened anew at once", async () => {
    const { world, link, last, connections } = linked();
    await world.advance(0);
    await last().say(HELLO);

    link.again();
    await settled();

    expect(connections.length).toBe(2);
  });
});

test("waits are spread between half a second and half a minute", () => {
  for (let failures = 1; failures < 40; failures += 1) {
    expect(retryMs(0, failures)).toBe(RETRY_MS_MIN);
    expect(retryMs(0.999_999, failures)).toBeLessThanOrEqual(RETRY_MS_MAX);
  }
});

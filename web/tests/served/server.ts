// The real server, in a process of its own that can be killed: tests/web/serving.py over a folder of data.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";

const PYTHON = process.env["PYTHON"] ?? "python3";
const TESTS = fileURLToPath(new URL("../../../tests", import.meta.url));
const READY_MS_MAX = 60_000;

export class Server {
  #process: ChildProcess | null = null;

  #port = 0;

  private constructor(readonly folder: string) {}

  /** One for all the tests of a file. */
  static forAll(): Server {
    const server = new Server(mkdtempSync(join(tmpdir(), "served-")));
    beforeAll(() => server.begin());
    afterAll(() => server.kill());
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get keys(): Readonly<Record<"admin" | "agent", string>> {
    return JSON.parse(readFileSync(join(this.folder, "keys.json"), "utf8"));
  }

  /** Start it, again over the same data. */
  async begin(): Promise<void> {
    this.#port ||= await freePort();
    this.#process = spawn(PYTHON, ["-m", "web.serving", String(this.#port), this.folder], {
      cwd: TESTS,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const end = Date.now() + READY_MS_MAX;
    while (Date.now() < end && this.#process.exitCode === null) {
      if (
        await fetch(`${this.origin}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("The server did not get ready.");
  }

  /** Kill it where it stands. */
  async kill(): Promise<void> {
    const dead = this.#process;
    this.#process = null;
    if (!dead) return;
    const gone = new Promise((resolve) => dead.once("exit", resolve));
    dead.kill("SIGKILL");
    await gone;
  }

  /** Ask as a program with a key. */
  async ask<Value>(key: string, method: string, path: string, body?: unknown): Promise<Value> {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const response = await fetch(this.origin + path, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const said = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${said}`);
    return JSON.parse(said || "null");
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

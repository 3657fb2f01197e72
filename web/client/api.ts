// One call over HTTP: what was asked for, or the problem and when to try again.

import type { Browser } from "./browser";
import type { Problem, ProblemCode } from "./wire";

export const CALL_MS_MAX = 20_000;
/** Browsers refuse to keep larger requests alive; a character takes three bytes at most. */
const KEPT_ALIVE_CHARS_MAX = 20_000;

export type Answer<Value> =
  | { readonly value: Value; readonly problem: null }
  | { readonly value: null; readonly problem: Problem; readonly retryMs: number };

export interface Call {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly as?: "blob";
}

/** The server is not there, or what answers is not the server. */
const UNREACHABLE = troubleOf("unreachable", "The chat cannot be reached right now.");

export class Api {
  constructor(
    private readonly browser: Browser,
    private readonly origin: string,
  ) {}

  async ask<Value>(method: string, path: string, call: Call = {}): Promise<Answer<Value>> {
    const giveUp = new AbortController();
    const cancel = this.browser.after(CALL_MS_MAX, () => giveUp.abort());
    const body = call.body === undefined || call.body instanceof Blob ? call.body : JSON.stringify(call.body);
    try {
      const response = await this.browser.fetch(this.origin + path, {
        method,
        headers: headersOf(call),
        signal: giveUp.signal,
        // What is on its way when the page goes still arrives.
        keepalive: typeof body === "string" && body.length < KEPT_ALIVE_CHARS_MAX,
        ...(body !== undefined && { body }),
      });
      if (!response.ok) return await refused(response);
      if (call.as) return { value: (await response.blob()) as Value, problem: null };
      return { value: (response.status === 204 ? null : await response.json()) as Value, problem: null };
    } catch {
      return { value: null, problem: UNREACHABLE, retryMs: 0 };
    } finally {
      cancel();
    }
  }
}

/** A problem that no server told of. */
export function troubleOf(code: string, detail: string): Problem {
  return { type: "about:blank", title: detail, status: 0, code, detail };
}

export function is(problem: Problem | null, ...codes: readonly ProblemCode[]): boolean {
  return !!problem && (codes as readonly string[]).includes(problem.code);
}

/** Whether the same call may succeed later without anybody's doing. */
export function mayPass({ status }: Problem): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}

/** What a `Retry-After` header asks for, in milliseconds. */
export function retryAfterMs(response: Response): number {
  return 1_000 * (Number(response.headers.get("retry-after")) || 0);
}

export async function refused(response: Response): Promise<Answer<never>> {
  const told = (await response.json().catch(() => null)) as Problem | null;
  const problem = told?.code ? told : { ...UNREACHABLE, status: response.status };
  return { value: null, problem, retryMs: retryAfterMs(response) };
}

export function headersOf({ token, body }: Call): Record<string, string> {
  return {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && { "content-type": (body instanceof Blob && body.type) || "application/json" }),
  };
}

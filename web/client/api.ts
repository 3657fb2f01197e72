// One call over HTTP: the answer, or a refusal that says what was wrong and when to try again.

import type { Browser } from "./browser";
import type { Problem, ProblemCode } from "./wire";

export const CALL_MS_MAX = 20_000;
/** Browsers refuse to keep larger requests alive; a character takes three bytes at most. */
const KEPT_ALIVE_CHARS_MAX = 20_000;

export type Method = "GET" | "POST" | "PATCH";
export type Ask = <Value>(method: Method, path: string, body?: unknown, token?: string | null) => Promise<Value>;

/** The server is not there, or what answers is not the server. */
export const UNREACHABLE = "unreachable";

export class Refused extends Error {
  constructor(
    readonly problem: Problem,
    readonly retryMs = 0,
  ) {
    super(problem.detail || problem.code);
  }

  /** Whether the same call may succeed later without anybody's doing. */
  get mayPass(): boolean {
    const { status, code } = this.problem;
    return code === UNREACHABLE || status === 408 || status === 429 || status >= 500;
  }

  is(...codes: readonly (ProblemCode | "erased" | "revoked")[]): boolean {
    return (codes as readonly string[]).includes(this.problem.code);
  }
}

/** A refusal that no server told of. */
export function refusal(code: string, status = 0, title = ""): Refused {
  return new Refused({ type: "about:blank", title, status, code, detail: "" });
}

/** What a response that is not a success says. */
export async function refusalOf(response: Response): Promise<Refused> {
  const problem = (await response.json().catch(() => null)) as Problem | null;
  if (!problem?.code) return refusal(UNREACHABLE, response.status);
  return new Refused(problem, 1_000 * (Number(response.headers.get("retry-after")) || 0));
}

export function headersOf(token: string | null | undefined, body?: unknown): Record<string, string> {
  return {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && { "content-type": (body instanceof Blob && body.type) || "application/json" }),
  };
}

/** How calls are made to one server. */
export function asking(browser: Browser, origin: string): Ask {
  return async (method, path, body, token) => {
    const giveUp = new AbortController();
    const cancel = browser.after(CALL_MS_MAX, () => giveUp.abort());
    const text = body === undefined || body instanceof Blob ? body : JSON.stringify(body);
    try {
      const response = await browser.fetch(origin + path, {
        method,
        headers: headersOf(token, body),
        signal: giveUp.signal,
        // What is on its way when the page goes still arrives.
        keepalive: typeof text === "string" && text.length < KEPT_ALIVE_CHARS_MAX,
        ...(text !== undefined && { body: text }),
      });
      if (!response.ok) throw await refusalOf(response);
      const isJson = /json/.test(response.headers.get("content-type") ?? "");
      return await (isJson ? response.json() : response.blob());
    } catch (error) {
      throw error instanceof Refused ? error : refusal(UNREACHABLE);
    } finally {
      cancel();
    }
  };
}

import { jsonOf } from "#base/json-of";
import { noteObstacle } from "#system/fs/read-trace";
import type { Result } from "#base/result";
import { err, ok } from "#base/result";

export interface JsonRequest {
  readonly method: "GET" | "POST" | "PATCH";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly timeoutMs: number;
}

/** What a server answered. */
export interface JsonAnswer {
  readonly status: number;
  /** Unchecked; undefined where the answer was no JSON. */
  readonly value: unknown;
}

/** Asks a server of an API. A redirection is an answer, so that no header goes elsewhere. The error is one line. */
export async function requestJson(request: JsonRequest): Promise<Result<JsonAnswer, string>> {
  const { method, url, headers, body, timeoutMs } = request;
  try {
    noteObstacle("what a server answers");
    const response = await fetch(url, {
      method,
      headers: { accept: "application/json", "content-type": "application/json", ...headers },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return ok({ status: response.status, value: jsonOf(text) });
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError")
      return err(`no answer within ${timeoutMs / 1000} s`);
    return err("it can't be reached");
  }
}

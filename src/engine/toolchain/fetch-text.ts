import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { pause } from "#system/clock/pause";
import { HttpError } from "#system/net/http-request";
import type { HttpTrouble } from "#system/net/http-request";
import { followRedirects } from "./follow-redirects";
import type { FetchContext, FetchFailure } from "./follow-redirects";

/** No list of releases is longer. */
const LONGEST = 256 * 1024 * 1024;

const MOST_TRIES = 3;
const FIRST_PAUSE_MS = 200;

/** The text at an address. A connection that breaks is tried again. */
export async function fetchText(url: string, context: FetchContext): Promise<Result<string, FetchFailure>> {
  for (let tries = 1; ; tries += 1) {
    const text = await fetchOnce(url, context);
    if (text.ok || text.error.kind !== "broken" || tries === MOST_TRIES || context.signal.aborted)
      return text;
    await pause(FIRST_PAUSE_MS * tries);
  }
}

async function fetchOnce(url: string, context: FetchContext): Promise<Result<string, FetchFailure>> {
  const answer = await followRedirects(url, {}, context);
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  if (status !== 200) {
    await body?.cancel();
    return err({ kind: "status", url, reason: `the server answered ${status}`, status });
  }
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const piece of body ?? []) {
      text += decoder.decode(piece, { stream: true });
      if (text.length > LONGEST) return err({ kind: "other", url, reason: "the answer is too long" });
    }
    return ok(text + decoder.decode());
  } catch (error) {
    return err({ kind: "broken", url, reason: troubleOf(error).reason });
  }
}

/** What a body that could not be read to its end says. */
export function troubleOf(error: unknown): HttpTrouble {
  if (error instanceof HttpError) return error.trouble;
  throw error;
}

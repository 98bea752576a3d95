import { err } from "#base/result";
import type { Result } from "#base/result";
import { httpRequest } from "#system/net/http-request";
import type { HttpAnswer } from "#system/net/http-request";

/** How downloads speak to servers. */
export interface FetchContext {
  /** How long a server may be silent, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Sent to the servers of these hosts only, and only encrypted. */
  readonly authorization?: Readonly<Record<string, string>>;
}

export interface FetchFailure {
  /** `status`: the server answered, but not with the file. `broken`: trying again may help. */
  readonly kind: "status" | "broken" | "other";
  /** The address that was asked for. */
  readonly url: string;
  readonly reason: string;
  readonly status?: number;
}

export interface FetchQuery {
  readonly headers?: Readonly<Record<string, string>>;
  /** The bytes are wanted as they lie on the server, whatever it calls their encoding. */
  readonly isFile?: boolean;
}

const MOST_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Asks for an address and goes where it leads. The answer is the last one, of whatever status. */
export async function followRedirects(
  url: string,
  { headers = {}, isFile = false }: FetchQuery,
  context: FetchContext,
): Promise<Result<HttpAnswer, FetchFailure>> {
  let at = url;
  for (let count = 0; count <= MOST_REDIRECTS; count += 1) {
    if (!/^https?:\/\//.test(at) || !URL.canParse(at))
      return err({ kind: "other", url, reason: "it is no http address" });
    const { protocol, host } = new URL(at);
    const authorization = protocol === "https:" ? context.authorization?.[host] : undefined;
    const answer = await httpRequest({
      method: "GET",
      url: at,
      headers: {
        ...headers,
        "User-Agent": "zr",
        ...(authorization === undefined ? {} : { Authorization: authorization }),
      },
      isRaw: isFile,
      timeoutMs: context.timeoutMs,
      signal: context.signal,
    });
    if (!answer.ok) return err({ kind: "broken", url, reason: answer.error.reason });
    const location = answer.value.headers.get("location");
    if (!REDIRECTS.has(answer.value.status) || location === null) return answer;
    await answer.value.body?.cancel();
    const next = URL.canParse(location, at) ? new URL(location, at).href : location;
    if (at.startsWith("https:") && !next.startsWith("https:"))
      return err({ kind: "other", url, reason: "it leads from an encrypted address to another one" });
    at = next;
  }
  return err({ kind: "other", url, reason: `it was redirected more than ${MOST_REDIRECTS} times` });
}

/** An address as people may see it: without what lets somebody in. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  shown.search = "";
  return shown.href;
}

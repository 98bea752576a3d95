import { isLoopback } from "#engine/cache/serve/serve-access";
import { sha256 } from "#system/cas/blob-folder";
import { isSameSignature } from "#system/cas/sealing";

/** Why a request is not answered: status and reason; undefined where it may be. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/**
 * Only programs of this machine that know the token may ask. The names in `Host` and `Origin` are looked at too: a page
 * in a browser that has had its name led to this machine (DNS rebinding) sends its own.
 */
export function refusalOf({ headers }: Request, token: string): Refusal | undefined {
  const host = headers.get("host") ?? "";
  if (!isLoopback(host.replace(/:\d+$/, "").toLowerCase()))
    return { status: 403, reason: "the Host header names another machine" };
  const origin = headers.get("origin");
  if (origin !== null && !isLoopbackOrigin(origin))
    return { status: 403, reason: "the Origin header names another site" };
  const given = /^Bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "";
  return isSame(given, token)
    ? undefined
    : { status: 401, reason: "a token is needed: Authorization: Bearer TOKEN" };
}

function isLoopbackOrigin(origin: string): boolean {
  try {
    const { protocol, hostname } = new URL(origin);
    return (protocol === "http:" || protocol === "https:") && isLoopback(hostname);
  } catch {
    return false;
  }
}

/** Digests are of one length, so that the comparison tells nothing of the token. */
const isSame = (given: string, wanted: string): boolean => isSameSignature(sha256(given), sha256(wanted));

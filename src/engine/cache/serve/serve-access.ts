import { isSameSignature } from "#system/cas/sealing";
import { sha256 } from "#system/cas/blob-folder";

/** Who may do what with a cache server. */
export interface ServeTokens {
  /** For reading and writing. */
  readonly token?: string;
  /** For reading only. */
  readonly readToken?: string;
}

export type Access = "granted" | "unauthorized" | "forbidden";

/**
 * Whether a request may read, or write. Without any token everybody may do both, which is for the own machine only; with
 * a token for reading alone nobody may write.
 */
export function accessOf(
  { headers, hostname }: { readonly headers: Headers; readonly hostname: string },
  isWrite: boolean,
  tokens: ServeTokens,
): Access {
  const { token, readToken } = tokens;
  if (token === undefined && readToken === undefined)
    // A page in a browser that was led here under another name is not the user.
    return isLoopback(hostname) ? "granted" : "forbidden";
  const given = tokenOf(headers.get("authorization") ?? "");
  if (given === undefined) return "unauthorized";
  if (token !== undefined && isSame(given, token)) return "granted";
  if (readToken !== undefined && isSame(given, readToken)) return isWrite ? "forbidden" : "granted";
  return "unauthorized";
}

/** `Bearer TOKEN`, or the password of `Basic`. */
function tokenOf(header: string): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (bearer !== undefined) return bearer;
  const basic = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header)?.[1];
  if (basic === undefined) return undefined;
  const text = Buffer.from(basic, "base64").toString("utf8");
  const cut = text.indexOf(":");
  return cut < 0 ? undefined : text.slice(cut + 1);
}

/** Digests are of one length, so that the comparison tells nothing of the token. */
const isSame = (a: string, b: string): boolean => isSameSignature(sha256(a), sha256(b));

/** Whether a host name can only mean this machine. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);

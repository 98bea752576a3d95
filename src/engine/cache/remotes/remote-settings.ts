import type { Result } from "#base/result";
import { err, ok } from "#base/result";
import { parseDuration } from "#base/duration";
import type { RemoteCacheTable } from "#core/config/schema/sections";
import { readText } from "#system/fs/read-text";
import { holdsCertificates } from "#system/net/certificates";
import type { RemoteAuth } from "./remote-auth";
import { parseAuth } from "./remote-auth";

export type Variables = Readonly<Record<string, string | undefined>>;

/** What every protocol needs to know, checked and filled in. */
export interface RemoteSettings {
  /** Without a slash at its end, and without credentials, query and fragment. */
  readonly url: string | undefined;
  readonly auth: RemoteAuth | undefined;
  readonly bucket: string | undefined;
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  /** Parts of paths, without slashes at their ends; empty where there is none. */
  readonly prefix: string;
  readonly scope: string;
  readonly timeoutMs: number;
  readonly retries: number;
  /** PEM certificates. */
  readonly ca: string | undefined;
  /** Credentials that have a usual place are looked for here. */
  readonly env: Variables;
}

/** Why a remote cache can't be used as configured: the key of `[cache.remote]` and the reason, without credentials. */
export interface RemoteProblem {
  readonly key: string;
  readonly reason: string;
}

const TIMEOUT_MS = 10_000;
const RETRIES = 2;

/** The settings of a table; a relative `tls_ca` is looked for in `root`. */
export async function remoteSettings(
  table: RemoteCacheTable,
  env: Variables,
  root: string,
): Promise<Result<RemoteSettings, RemoteProblem>> {
  const url = parseAddress(table.url, "url");
  if (!url.ok) return url;
  const endpoint = parseAddress(table.endpoint, "endpoint");
  if (!endpoint.ok) return endpoint;
  const auth = table.auth === undefined ? ok(undefined) : parseAuth(table.auth, env);
  if (!auth.ok) return err({ key: "auth", reason: auth.error });
  for (const key of ["prefix", "scope", "bucket"] as const) {
    const problem = pathProblem(table[key] ?? "");
    if (problem !== undefined) return err({ key, reason: problem });
  }
  const ca = await certificates(table.tls_ca, root);
  if (!ca.ok) return ca;
  return ok({
    url: url.value,
    auth: auth.value,
    bucket: table.bucket,
    region: table.region,
    endpoint: endpoint.value,
    prefix: trimmed(table.prefix ?? ""),
    scope: trimmed(table.scope ?? ""),
    timeoutMs: (table.timeout === undefined ? undefined : parseDuration(table.timeout)) ?? TIMEOUT_MS,
    retries: table.retries ?? RETRIES,
    ca: ca.value,
    env,
  });
}

/** An address in which no credential stands. */
function parseAddress(
  text: string | undefined,
  key: "url" | "endpoint",
): Result<string | undefined, RemoteProblem> {
  if (text === undefined) return ok(undefined);
  const problem = (reason: string) => err({ key, reason });
  if (!URL.canParse(text) || !/^\w+:\/\//.test(text))
    return problem("it is no address like https://host/path");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "")
    return problem("it holds a user: credentials stand in auth, by variable");
  if (url.search !== "" || url.hash !== "")
    return problem("it has a query or a fragment: credentials stand in auth, by variable");
  return ok(text.replace(/\/+$/, ""));
}

const trimmed = (path: string): string => path.replaceAll(/^\/+|\/+$/g, "");

/** What can't be part of the path of an entry. */
function pathProblem(path: string): string | undefined {
  const parts = trimmed(path).split("/");
  if (trimmed(path) === "") return undefined;
  return parts.every((part) => /^[\w.@+~-]+$/.test(part) && part !== "." && part !== "..")
    ? undefined
    : "it may hold letters, digits, _ . @ + ~ - and / between them";
}

async function certificates(
  path: string | undefined,
  root: string,
): Promise<Result<string | undefined, RemoteProblem>> {
  if (path === undefined) return ok(undefined);
  const read = await readText(/^(\/|[A-Za-z]:[\\/])/.test(path) ? path : `${root}/${path}`);
  if (read.kind !== "text") return err({ key: "tls_ca", reason: `the file can't be read (${read.kind})` });
  return holdsCertificates(read.text)
    ? ok(read.text)
    : err({ key: "tls_ca", reason: "the file holds no PEM certificate, or a damaged one" });
}

/** Says which key the protocol needs, where it is not there. */
export function required(
  settings: RemoteSettings,
  key: "url" | "bucket" | "region",
): Result<string, RemoteProblem> {
  const value = settings[key];
  return value === undefined || value === "" ? err({ key, reason: "it is needed" }) : ok(value);
}

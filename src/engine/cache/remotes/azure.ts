import type { Result } from "#base/result";
import { err, ok } from "#base/result";
import { wallMs } from "#system/clock/clock";
import type { RemoteCache, RemoteTrouble } from "#engine/cache/remote-cache";
import type { AzureAccount } from "./azure-account";
import { azureAccount } from "./azure-account";
import type { HttpLayout, ObjectOperation, ObjectRequest } from "./http-object-cache";
import { HttpObjectCache, objectPath } from "./http-object-cache";
import { authHeaders } from "./remote-auth";
import type { RemoteProblem, RemoteSettings } from "./remote-settings";
import { required } from "./remote-settings";

/** Version of the service that puts up to 5000 MiB at once. */
const VERSION = "2021-12-02";
const METHODS = { get: "GET", head: "HEAD", put: "PUT" } as const;

/** Azure Blob Storage (REST): block blobs in a container, by shared key, shared access signature or bearer token. */
export function openAzure(settings: RemoteSettings): Result<RemoteCache, RemoteProblem> {
  const container = required(settings, "bucket");
  if (!container.ok) return container;
  const account = azureAccount(settings);
  if (!account.ok) return account;
  const { endpoint, credential } = account.value;
  const layout: HttpLayout = {
    request: async (operation, name, size): Promise<Result<ObjectRequest, RemoteTrouble>> => {
      const url = `${endpoint}/${container.value}/${objectPath(settings, name)}`;
      const headers = commonHeaders(operation);
      switch (credential.kind) {
        case "sas":
          return ok({ url: `${url}?${credential.token}`, headers });
        case "bearer":
          return ok({ url, headers: { ...headers, ...authHeaders(credential) } });
        case "key": {
          const Authorization = await sharedKey(credential, { operation, url, headers, size });
          return Authorization === undefined
            ? err({ kind: "denied", reason: "the key of the account is not in Base64" })
            : ok({ url, headers: { ...headers, Authorization } });
        }
      }
    },
  };
  const name = `azure cache ${container.value} at ${new URL(endpoint).host}`;
  return ok(new HttpObjectCache(name, layout, settings));
}

function commonHeaders(operation: ObjectOperation): Readonly<Record<string, string>> {
  return {
    "x-ms-version": VERSION,
    "x-ms-date": new Date(wallMs()).toUTCString(),
    ...(operation === "put"
      ? { "x-ms-blob-type": "BlockBlob", "Content-Type": "application/octet-stream" }
      : {}),
  };
}

interface Signed {
  readonly operation: ObjectOperation;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly size: number;
}

/**
 * The Shared Key scheme: an HMAC over the method, twelve headers by their place, the headers `x-ms-…` by their names, and
 * the path behind the account's name.
 */
async function sharedKey(
  { account, key }: Extract<AzureAccount["credential"], { kind: "key" }>,
  { operation, url, headers, size }: Signed,
): Promise<string | undefined> {
  const own = Object.entries(headers)
    .filter(([name]) => name.startsWith("x-ms-"))
    .map(([name, value]) => `${name}:${value}`)
    .sort();
  const text = [
    METHODS[operation],
    "", // Content-Encoding
    "", // Content-Language
    operation === "put" && size > 0 ? String(size) : "",
    "", // Content-MD5
    headers["Content-Type"] ?? "",
    "", // Date
    "", // If-Modified-Since
    "", // If-Match
    "", // If-None-Match
    "", // If-Unmodified-Since
    "", // Range
    ...own,
    `/${account}${new URL(url).pathname}`,
  ].join("\n");
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  try {
    const imported = await crypto.subtle.importKey("raw", Uint8Array.fromBase64(key), algorithm, false, [
      "sign",
    ]);
    const signature = await crypto.subtle.sign(algorithm, imported, new TextEncoder().encode(text));
    return `SharedKey ${account}:${new Uint8Array(signature).toBase64()}`;
  } catch {
    return undefined;
  }
}

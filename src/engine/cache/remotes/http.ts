import type { Result } from "#base/result";
import { ok } from "#base/result";
import type { RemoteCache } from "#engine/cache/remote-cache";
import { HttpObjectCache } from "./http-object-cache";
import { authHeaders } from "./remote-auth";
import type { RemoteProblem, RemoteSettings } from "./remote-settings";
import { required } from "./remote-settings";
import { scopedKey } from "./scoped-key";

/**
 * The Bazel HTTP cache protocol: GET, HEAD and PUT of `URL/ac/KEY` and `URL/cas/DIGEST`. Servers may take what stands
 * before `ac` for an instance or ignore it, so a scope goes into the key.
 */
export function openHttp(settings: RemoteSettings): Result<RemoteCache, RemoteProblem> {
  const url = required(settings, "url");
  if (!url.ok) return url;
  const base = [url.value, settings.prefix].filter((part) => part !== "").join("/");
  const headers = authHeaders(settings.auth);
  const layout = {
    request: async (operation: string, { kind, id }: { readonly kind: "ac" | "cas"; readonly id: string }) =>
      ok({
        url: `${base}/${kind}/${kind === "ac" ? scopedKey(settings.scope, id) : id}`,
        headers: operation === "put" ? { ...headers, "Content-Type": "application/octet-stream" } : headers,
      }),
  };
  return ok(new HttpObjectCache(`http cache ${base}`, layout, settings));
}

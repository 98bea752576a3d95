import type { Result } from "#base/result";
import { ok } from "#base/result";
import type { RemoteCache, RemoteTrouble } from "#engine/cache/remote-cache";
import { GoogleToken } from "./google-token";
import type { HttpLayout, ObjectRequest } from "./http-object-cache";
import { HttpObjectCache, objectPath } from "./http-object-cache";
import { authHeaders } from "./remote-auth";
import type { RemoteProblem, RemoteSettings } from "./remote-settings";
import { required } from "./remote-settings";

/**
 * The JSON API of Google Cloud Storage. The token is that of `auth` or of the usual credentials; with
 * `STORAGE_EMULATOR_HOST` there is none.
 */
export function openGcs(settings: RemoteSettings): Result<RemoteCache, RemoteProblem> {
  const bucket = required(settings, "bucket");
  if (!bucket.ok) return bucket;
  const emulator = settings.env["STORAGE_EMULATOR_HOST"]?.replace(/\/+$/, "");
  const emulatorUrl = emulator && !emulator.includes("://") ? `http://${emulator}` : emulator;
  const base = settings.endpoint ?? settings.url ?? (emulatorUrl || "https://storage.googleapis.com");
  const credentials: Pick<GoogleToken, "headers" | "renew"> =
    settings.auth !== undefined || emulatorUrl
      ? { headers: async () => ok(authHeaders(settings.auth)), renew: () => false }
      : new GoogleToken(settings);
  const place = `b/${encodeURIComponent(bucket.value)}/o`;
  const layout: HttpLayout = {
    renew: () => credentials.renew(),
    request: async (operation, name): Promise<Result<ObjectRequest, RemoteTrouble>> => {
      const headers = await credentials.headers();
      if (!headers.ok) return headers;
      const object = encodeURIComponent(objectPath(settings, name));
      if (operation === "put")
        return ok({
          method: "POST",
          url: `${base}/upload/storage/v1/${place}?uploadType=media&name=${object}`,
          headers: { ...headers.value, "Content-Type": "application/octet-stream" },
        });
      // What an object is, is asked by GET: the API knows no HEAD.
      const query = operation === "get" ? "alt=media" : "fields=size";
      return ok({
        method: "GET",
        url: `${base}/storage/v1/${place}/${object}?${query}`,
        headers: headers.value,
      });
    },
  };
  return ok(new HttpObjectCache(`gcs cache ${bucket.value}`, layout, settings));
}

import type { Result } from "#base/result";
import { err } from "#base/result";
import type { RemoteCacheTable } from "#core/config/schema/sections";
import type { RemoteCache } from "./remote-cache";
import type { RemoteProblem, RemoteSettings, Variables } from "./remotes/remote-settings";
import { remoteSettings } from "./remotes/remote-settings";

type Open = (settings: RemoteSettings) => Result<RemoteCache, RemoteProblem>;

const PROTOCOLS: Readonly<Record<NonNullable<RemoteCacheTable["type"]>, () => Promise<Open>>> = {
  http: async () => (await import("./remotes/http")).openHttp,
  grpc: async () => (await import("./remotes/grpc")).openGrpc,
  s3: async () => (await import("./remotes/s3")).openS3,
  gcs: async () => (await import("./remotes/gcs")).openGcs,
  azure: async () => (await import("./remotes/azure")).openAzure,
  turbo: async () => (await import("./remotes/turbo")).openTurbo,
};

/**
 * The cache that `[cache.remote]` names. Nothing is sent yet. `mode`, `max_upload`, `encrypt` and `sign` are for whoever
 * uses it.
 *
 * @param env variables that `auth` names, and those that hold credentials by custom.
 * @param root folder that a relative `tls_ca` starts from.
 */
export async function openRemoteCache(
  table: RemoteCacheTable,
  env: Variables,
  root = ".",
): Promise<Result<RemoteCache, RemoteProblem>> {
  if (table.type === undefined)
    return err({ key: "type", reason: `it is needed: ${Object.keys(PROTOCOLS).join(", ")}` });
  const settings = await remoteSettings(table, env, root);
  if (!settings.ok) return settings;
  const open = await PROTOCOLS[table.type]();
  return open(settings.value);
}

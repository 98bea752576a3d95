import type { Result } from "#base/result";
import { err, ok } from "#base/result";
import { parseSize } from "#base/size";
import type { CacheMode } from "#core/cache/cache-settings";
import type { RemoteCacheTable } from "#core/config/schema/sections";
import { openRemoteCache } from "#engine/cache/open-remote-cache";
import type { RemoteLayer } from "#engine/cache/remote-link";

export interface RemoteUse {
  /** `[cache.remote]`, if there is one. */
  readonly table: RemoteCacheTable | undefined;
  readonly mode: CacheMode;
  readonly env: Readonly<Record<string, string>>;
  /** Folder that a relative `tls_ca` starts from. */
  readonly root: string;
}

/**
 * The remote caches of a store, without asking one of them anything. The error says in words for people why the configured
 * one can't be used. A key to encrypt or sign with that is not there is such a reason: nothing goes out without.
 */
export async function remoteCacheLayers({
  table,
  mode,
  env,
  root,
}: RemoteUse): Promise<Result<readonly RemoteLayer[], string>> {
  if (table === undefined || mode === "off" || table.mode === "off") return ok([]);
  const encrypt = secretOf("encrypt", table, env);
  if (!encrypt.ok) return encrypt;
  const sign = secretOf("sign", table, env);
  if (!sign.ok) return sign;
  const opened = await openRemoteCache(table, env, root);
  if (!opened.ok) return err(`[cache.remote] ${opened.error.key}: ${opened.error.reason}`);
  const maxUpload = table.max_upload === undefined ? undefined : parseSize(table.max_upload);
  return ok([
    {
      cache: opened.value,
      mode,
      ...(maxUpload === undefined ? {} : { maxUpload }),
      ...(encrypt.value === undefined ? {} : { encrypt: encrypt.value }),
      ...(sign.value === undefined ? {} : { sign: sign.value }),
    },
  ]);
}

/** The value of the variable that a key names. */
function secretOf(
  key: "encrypt" | "sign",
  table: RemoteCacheTable,
  env: Readonly<Record<string, string>>,
): Result<string | undefined, string> {
  const named = table[key];
  if (named === undefined) return ok(undefined);
  const [, plain, braced] = /^\$(?:(\w+)|\{(\w+)\})$/.exec(named) ?? [];
  const name = plain ?? braced;
  if (name === undefined) return err(`[cache.remote] ${key}: name a variable, like $ZR_CACHE_KEY`);
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value === undefined || value === ""
    ? err(`[cache.remote] ${key}: the variable ${name} is not set`)
    : ok(value);
}

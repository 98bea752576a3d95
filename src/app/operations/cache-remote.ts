import type { CacheSettings } from "#core/cache/cache-settings";
import { EMPTY_DIGEST } from "#engine/cache/cache-manifest";
import { RemoteFailure } from "#engine/cache/remote-cache";

export interface RemoteState {
  readonly name: string;
  /** Why it is not used, or does not answer; absent where all is well. */
  readonly problem?: string;
}

/** Whether the remote cache of `[cache.remote]` answers; undefined where there is none. */
export async function remoteState(
  { remote: table }: CacheSettings,
  { env, root }: { readonly env: Readonly<Record<string, string>>; readonly root: string },
): Promise<RemoteState | undefined> {
  if (table === undefined) return undefined;
  const mode = table.mode ?? "read-write";
  if (mode === "off") return { name: table.url ?? table.type ?? "remote", problem: "switched off" };
  const { remoteCacheLayers } = await import("#app/remote-cache-layers");
  const layers = await remoteCacheLayers({ table, mode, env, root });
  if (!layers.ok) return { name: table.url ?? table.type ?? "remote", problem: layers.error };
  const [layer] = layers.value;
  if (layer === undefined) return undefined;
  const { cache } = layer;
  try {
    // Any question will do: the answer is that somebody answers.
    await cache.getAction(EMPTY_DIGEST);
    return { name: cache.name };
  } catch (error) {
    if (!(error instanceof RemoteFailure)) throw error;
    return { name: cache.name, problem: error.reason };
  } finally {
    await cache.close();
  }
}

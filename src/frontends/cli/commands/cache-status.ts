import { sizeOfCache } from "#app/operations/cache";
import type { LocalCache } from "#app/operations/cache";
import { cacheHits } from "#app/operations/cache-hits";
import { remoteState } from "#app/operations/cache-remote";
import { formatDuration } from "#base/duration";
import { formatSize } from "#base/size";
import type { Workspace } from "#core/workspace/workspace";
import { formatOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { count } from "#frontends/output/entry-text";
import { jsonDocument } from "#frontends/output/json-document";
import { visibleControls } from "#frontends/output/visible-text";
import { print } from "#system/stdio/print";

/** `zr cache status`: what the cache holds, how often it helped, and whether the remote one answers. */
export async function status(session: Session, workspace: Workspace, cache: LocalCache): Promise<number> {
  const { settings, store } = cache;
  const [size, hits, remote] = [
    await sizeOfCache(cache),
    await cacheHits(workspace),
    await remoteState(settings, { env: session.host.env, root: workspace.root }),
  ];
  if (formatOption(session.options) === "json") {
    const facts = {
      folder: store.folder,
      mode: settings.mode,
      ...size,
      maxBytes: settings.maxBytes,
      maxAgeMs: settings.maxAgeMs,
      ...(hits === undefined ? {} : hits),
      ...(remote === undefined ? {} : { remote }),
    };
    await print("stdout", jsonDocument(facts));
    return 0;
  }
  const lines = [
    `folder   ${store.folder}`,
    `mode     ${settings.mode}`,
    `entries  ${size.entries}, in ${count(size.blobs, "file")} of ${formatSize(size.bytes)}`,
    `limits   ${formatSize(settings.maxBytes)}, ${ageLimit(settings.maxAgeMs)} without use`,
  ];
  if (hits !== undefined && hits.hits + hits.misses > 0) {
    const rate = Math.round((100 * hits.hits) / (hits.hits + hits.misses));
    lines.push(`hits     ${hits.hits} of ${hits.hits + hits.misses} (${rate}%)`);
  }
  if (remote !== undefined)
    lines.push(`remote   ${remote.name}: ${remote.problem === undefined ? "reachable" : remote.problem}`);
  await print("stdout", lines.map((line) => `${visibleControls(line)}\n`).join(""));
  return 0;
}

const DAY_MS = 86_400_000;

const ageLimit = (ms: number): string => (ms % DAY_MS === 0 ? count(ms / DAY_MS, "day") : formatDuration(ms));

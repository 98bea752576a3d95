import { cacheSettings, localCacheFolder } from "#core/cache/cache-settings";
import type { InstanceId } from "#core/model/ids";
import type { Workspace } from "#core/workspace/workspace";
import type { ExchangeStore, ReportNotice } from "#engine/cache/cache-store";
import { openCacheStore } from "#engine/cache/open-cache-store";
import { remoteCacheLayers } from "#app/remote-cache-layers";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { Host } from "#system/host";
import { withInstalledTools } from "#app/tools/equip-plan";
import { environmentsOf } from "./environments";
import type { PlannedRun } from "./plan-run";
import { predictCache } from "./predict-cache";

export interface Exchanged {
  readonly id: InstanceId;
  /** `sent`, `brought`, `there`: all is where it should be. Else why not, in words. */
  readonly state: "sent" | "brought" | "there" | "failed";
  readonly text: string;
}

export interface ExchangeSetting {
  readonly host: Host;
  readonly report: ReportNotice;
}

/** References to all tasks that are cached and can be planned without arguments. */
export function cachedTasks({ packages }: Workspace): readonly string[] {
  return [...packages.values()].flatMap(({ config, resolve, prefix }) =>
    [...config.tasks.values()].flatMap((entry) => {
      const { table } = resolve(entry);
      const isCached = table.cache !== undefined && table.cache !== false;
      const needsArguments = (table.args ?? []).some(({ required }) => required === true);
      if (!isCached || needsArguments || entry.name.includes("*")) return [];
      return [prefix === "" ? entry.name : `${prefix}:${entry.name}`];
    }),
  );
}

/**
 * Sends the local entries of the current keys of a plan to the remote caches, or gets theirs; runs nothing. The error says
 * why there is no remote cache.
 */
export async function exchangeEntries(
  direction: "push" | "pull",
  given: PlannedRun,
  setting: ExchangeSetting,
): Promise<Result<readonly Exchanged[], string>> {
  const planned = await withInstalledTools(given, setting.host);
  const store = await openStore(direction, planned.workspace, setting);
  if (!store.ok) return store;
  const { host } = setting;
  const predictions = await predictCache(planned, {
    host,
    environments: environmentsOf(planned, host, {}),
    options: {
      isOff: false,
      force: false,
      why: true,
      verbose: false,
      use: direction === "push" ? "local:r" : "local:rw,remote:r",
    },
  });
  const done = await Promise.all(
    [...predictions].map(async ([id, { kind, key, text }]): Promise<Exchanged> => {
      if (kind !== "hit" || key === undefined) return { id, state: "failed", text };
      return direction === "push" ? sendOne(id, key, store.value) : bringOne(id, key, store.value);
    }),
  );
  await store.value.close();
  return ok(done);
}

async function sendOne(id: InstanceId, key: string, store: ExchangeStore): Promise<Exchanged> {
  const count = await store.send(key);
  if (count === undefined) return { id, state: "failed", text: "its entry is damaged" };
  return count > 0 ? { id, state: "sent", text: "sent" } : { id, state: "failed", text: "could not be sent" };
}

async function bringOne(id: InstanceId, key: string, store: ExchangeStore): Promise<Exchanged> {
  const state = await store.bring(key);
  if (state === "missing") return { id, state: "failed", text: "not all of it could be got" };
  return { id, state, text: state === "there" ? "is there already" : "got" };
}

async function openStore(
  direction: "push" | "pull",
  workspace: Workspace,
  { host, report }: ExchangeSetting,
): Promise<Result<ExchangeStore, string>> {
  const { root } = workspace;
  const settings = cacheSettings(workspace);
  const folder = localCacheFolder(settings.localDir, { root, os: host.os, env: host.env });
  if (folder === undefined) return err("there is no home folder to keep results in");
  const mode = direction === "push" ? "write" : "read";
  const layers = await remoteCacheLayers({ table: settings.remote, mode, env: host.env, root });
  if (!layers.ok) return layers;
  if (layers.value.length === 0) return err("[cache.remote] is not there or switched off");
  const { maxBytes, maxAgeMs } = settings;
  return openCacheStore({
    folder,
    root,
    mode: "read-write",
    limits: { maxBytes, maxAgeMs },
    remotes: layers.value,
    report,
  });
}

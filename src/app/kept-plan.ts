import { isTable } from "#base/value-at";
import type { CacheBasis } from "#core/cache/cache-basis";
import { isPublicRemote } from "#core/cache/public-remote";
import type { CacheSettings } from "#core/cache/cache-settings";
import type { RunSettings } from "#core/config/run-settings";
import type { EnvEntry } from "#core/model/environment";
import type { Plan } from "#core/model/plan";
import type { StoredRun } from "#engine/cache/kept-run";
import { compileSecretNames, defaultSecretPatterns } from "#engine/env/secrets";
import type { ResultMemory } from "#engine/cache/result-memory";
import { recalledResults } from "./kept-results";
import type { StoredResultKey } from "./kept-results";
import type { RunnablePlan } from "./operations/plan-run";
import { NO_TEXTS } from "./problems";

/*
 * What is needed to do a run again without planning it: where all that was looked at to plan it looks as it did, the same
 * request makes the same plan, and each task whose own inputs look the same has the same key as long as what is before it
 * means the same.
 */

/** As JSON. */
interface StoredWork {
  readonly plan: Plan;
  readonly settings: RunSettings;
  readonly jobs: number;
  /** There where the plan has cached tasks. */
  readonly cache?: StoredBasis;
  readonly results: readonly StoredResultKey[];
}

/** A `CacheBasis` as data. */
interface StoredBasis {
  readonly settings: CacheSettings;
  readonly globalInputs: readonly string[];
  readonly packageDirs: readonly string[];
  readonly outputs: Readonly<Record<string, readonly string[]>>;
}

/** What is kept of a plan and its results. The plan has to be a complete one. */
export async function encodeWork(
  { plan, settings, jobs, cache }: RunnablePlan,
  results: readonly StoredResultKey[],
): Promise<Uint8Array> {
  const isCached = plan.instances.some((instance) => instance.cache !== undefined);
  const work: StoredWork = {
    plan,
    settings,
    jobs,
    ...(isCached ? { cache: await storedBasis(cache, plan) } : {}),
    results,
  };
  return new TextEncoder().encode(JSON.stringify(work));
}

async function storedBasis(basis: CacheBasis, { instances }: Plan): Promise<StoredBasis> {
  const folders = new Set(instances.map(({ environment }) => environment));
  return {
    settings: await basis.settings(),
    globalInputs: basis.globalInputs(),
    packageDirs: basis.packageDirs(),
    outputs: Object.fromEntries([...folders].map((dir) => [dir, basis.outputsOf(dir)])),
  };
}

/**
 * Whether a plan may be written down and is, with its settings, all that its run goes by: nothing is decided while it
 * runs, nothing has to be installed, and it holds no secret of the configuration.
 */
export async function isKeepable({
  plan,
  settings,
  cache,
  warnings,
  conditions,
  hooks,
  workflow,
}: RunnablePlan): Promise<boolean> {
  if ((conditions ?? hooks ?? workflow) !== undefined || warnings.length > 0) return false;
  const isSecret = compileSecretNames([...defaultSecretPatterns, ...(settings.global.secret_names ?? [])]);
  const holdsSecret = ({ entries }: { readonly entries: readonly EnvEntry[] }): boolean =>
    entries.some(({ name, value, secret }) => value.kind === "text" && (secret === true || isSecret(name)));
  if (Object.values(plan.environments).some(({ sources }) => sources.some(holdsSecret))) return false;
  let isCached = false;
  for (const { env, sandbox, limits, ...instance } of plan.instances) {
    isCached ||= instance.cache !== undefined;
    if (sandbox !== undefined || env.some(holdsSecret)) return false;
    // It may be a share of what the machine has, which may be another machine's tomorrow.
    if (limits.memoryBytes !== undefined) return false;
  }
  return !isCached || isPublicRemote((await cache.settings()).remote);
}

/** A run that is done again. */
export interface RepeatedWork {
  readonly planned: RunnablePlan;
  /** Results whose inputs look as they did, and what was told of those to which nothing has happened. */
  readonly memory: ResultMemory;
}

/**
 * A run that is to be done again; undefined where it can't be.
 *
 * @param run a kept one.
 * @param changed what has changed since, as paths of outputs and inputs.
 */
export function decodeWork(
  { work: bytes, facts: { paths }, told }: Pick<StoredRun<unknown>, "work" | "facts" | "told">,
  changed: readonly string[],
): RepeatedWork | undefined {
  if (bytes.length === 0) return undefined;
  const work: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (!isWork(work)) return undefined;
  const { plan, settings, jobs, cache, results } = work;
  return {
    planned: {
      plan,
      settings,
      jobs,
      cache: cache === undefined ? NO_BASIS : basisOf(cache),
      texts: NO_TEXTS,
      warnings: [],
      conditions: undefined,
    },
    memory: recalledResults({ plan, results, told, paths, changed: new Set(changed) }),
  };
}

const basisOf = ({ settings, globalInputs, packageDirs, outputs }: StoredBasis): CacheBasis => ({
  settings: () => Promise.resolve(settings),
  globalInputs: () => globalInputs,
  packageDirs: () => packageDirs,
  outputsOf: (dir) => outputs[dir] ?? [],
});

const nothing = (): never => {
  throw new Error("a plan without cached tasks has no cache");
};

const NO_BASIS: CacheBasis = {
  settings: nothing,
  globalInputs: nothing,
  packageDirs: nothing,
  outputsOf: nothing,
};

// A digest says that these are the bytes that were written; only the user may write there.
const isWork = (value: unknown): value is StoredWork =>
  isTable(value) && isTable(value["plan"]) && isTable(value["settings"]) && Array.isArray(value["results"]);

import type { InstanceId } from "#core/model/ids";
import type { Plan } from "#core/model/plan";
import { isTable } from "#core/config/check";
import { loadFiles } from "#core/config/load";
import type { EnvEntry } from "#core/model/environment";
import { buildWorkspace } from "#core/workspace/workspace";
import { compileSecretNames, defaultSecretPatterns } from "#engine/env/secrets";
import type { ReadFacts } from "#engine/cache/read-facts";
import { ResultMemory } from "#engine/cache/result-memory";
import type { KnownResultKey } from "#engine/cache/result-memory";
import { readText } from "#system/fs/read-text";
import type { Host } from "#system/host";
import { loadRequest } from "./load-workspace";
import type { LoadOptions } from "./load-workspace";
import type { PlannedRun } from "./operations/plan-run";
import { planMentionsTools } from "./tools/mentions-tools";
import { withProjectFolders } from "./tools/project-folders";

/*
 * What is needed to do a run again without planning it: where only inputs and outputs look different, the same request
 * makes the same plan, and each task whose own inputs look the same has the same key as long as what is before it means
 * the same.
 */

/** As JSON; inputs are positions in the facts of the run. */
interface StoredWork {
  readonly plan: Plan;
  readonly jobs: number;
  readonly packageDirs: readonly string[];
  readonly results: readonly (readonly [InstanceId, string, string, readonly number[]])[];
}

/** What is kept of a plan and its results; empty where the plan can't be done again from that. */
export function encodeWork(
  planned: PlannedRun,
  host: Host,
  { learned, index }: Pick<ResultMemory, "learned"> & Pick<ReadFacts, "index">,
): Uint8Array {
  if (!isRepeatable(planned)) return new Uint8Array(0);
  const positions = new Map<string, number>();
  for (const path of index.keys()) positions.set(path, positions.size);
  const results = [...learned].flatMap(([id, { key, meaning, inputs }]) => {
    const read = inputs();
    const found = read.flatMap((path) => positions.get(path) ?? []);
    return found.length === read.length ? [[id, key, meaning, found] as const] : [];
  });
  const { jobs, workspace, packageDirs } = planned;
  const work: StoredWork = {
    plan: (packageDirs === undefined ? withProjectFolders(planned, host) : planned).plan,
    jobs,
    packageDirs: packageDirs ?? [...workspace.packages.values()].map(({ dir }) => dir),
    results,
  };
  return new TextEncoder().encode(JSON.stringify(work));
}

/**
 * Whether a plan is all that its run goes by, besides the files of the root: no tools, no view of the files, and no
 * secret that would be written down.
 */
function isRepeatable({ plan, workspace }: PlannedRun): boolean {
  const { current, rootPackage } = workspace;
  const { files, global } = rootPackage.config;
  if (current !== rootPackage || files.some(({ document }) => document.include !== undefined)) return false;
  if (planMentionsTools(plan, workspace)) return false;
  const isSecret = compileSecretNames([...defaultSecretPatterns, ...(global.secret_names ?? [])]);
  const holdsSecret = ({ entries }: { readonly entries: readonly EnvEntry[] }): boolean =>
    entries.some(({ name, value, secret }) => value.kind === "text" && (secret === true || isSecret(name)));
  return (
    !Object.values(plan.environments).some(({ sources }) => sources.some(holdsSecret)) &&
    !plan.instances.some(({ env, sandbox }) => sandbox !== undefined || env.some(holdsSecret))
  );
}

/** A run that is done again. */
export interface RepeatedWork {
  readonly planned: PlannedRun;
  /** Results whose inputs look as they did. */
  readonly memory: ResultMemory;
}

/** The kept run with what has changed since, as paths of outputs and inputs; undefined where it can't be done again. */
export async function decodeWork(
  bytes: Uint8Array,
  { index }: ReadFacts,
  { changed, load }: { readonly changed: readonly string[]; readonly load: LoadOptions },
): Promise<RepeatedWork | undefined> {
  if (bytes.length === 0) return undefined;
  const work: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (!isWork(work)) return undefined;
  const { plan, jobs, packageDirs, results } = work;
  // Of the root's files alone: those of its packages have become the plan.
  const loaded = await loadFiles(loadRequest(load), { readText, glob: () => Promise.resolve([]) });
  if (!loaded.ok || loaded.value.root !== plan.root) return undefined;
  const workspace = buildWorkspace(loaded.value, load.profile, []);
  const paths = [...index.keys()];
  const names = new Set(changed);
  const different = new Set(paths.flatMap((path, position) => (names.has(path) ? position : [])));
  const known = new Map<InstanceId, KnownResultKey>();
  for (const [id, key, meaning, positions] of results)
    if (!positions.some((position) => different.has(position)))
      known.set(id, { key, meaning, inputs: () => positions.map((position) => paths[position] ?? "") });
  return {
    planned: {
      plan,
      workspace,
      jobs,
      packageDirs,
      texts: loaded.value.texts,
      warnings: [],
      conditions: undefined,
    },
    memory: new ResultMemory(known),
  };
}

// A digest says that these are the bytes that were written; only the user may write there.
const isWork = (value: unknown): value is StoredWork =>
  isTable(value) && isTable(value["plan"]) && Array.isArray(value["results"]);

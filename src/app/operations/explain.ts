import type { CacheOptions } from "#app/open-task-cache";
import type { KeyRecipe } from "#core/model/cache";
import type { InstanceId } from "#core/model/ids";
import type { Reason } from "#core/model/reason";
import type { Instance } from "#core/model/plan";
import { runsOn } from "#core/plan/runs-on";
import { commandText } from "#engine/exec/command-text";
import type { Host } from "#system/host";
import { withInstalledTools } from "#app/tools/equip-plan";
import { environmentsOf } from "./environments";
import type { RunnablePlan } from "./plan-run";
import type { CachePrediction, PredictionSetting } from "./predict-cache";
import { SharedOutputs } from "#engine/exec/shared-outputs";

/** What would become of an instance if it were run now, and why it is there. */
export interface ExplainedInstance {
  readonly id: InstanceId;
  /** `would run`, `would be skipped: …`, `would fail: …`. */
  readonly verdict: string;
  readonly reason: Reason;
  readonly command: string;
  readonly cwd: string;
  readonly after: readonly InstanceId[];
  /** What the cache says to it. */
  readonly cache: string;
  /** Its key, and what that is made of; there where that is known before the run. */
  readonly key?: string;
  readonly recipe?: KeyRecipe;
}

/** Decides conditions as a run would at this moment; starts no task. */
export async function explainRun(
  given: RunnablePlan,
  host: Host,
  { cache = CACHE_ON, env = {} }: ExplainOptions = {},
): Promise<readonly ExplainedInstance[]> {
  const { workspace } = given;
  const planned = workspace === undefined ? given : await withInstalledTools({ ...given, workspace }, host);
  const environments = environmentsOf(planned, host, env);
  const predictions = await predictionsOf(planned, { host, environments, options: cache });
  return Promise.all(
    planned.plan.instances.map(async (instance) => {
      const prediction = predictions.get(instance.id);
      const said = await verdict(instance, planned, { host, environments });
      return {
        id: instance.id,
        verdict: prediction === undefined ? said : withPrediction(said, prediction),
        reason: instance.reason,
        command: commandText(instance),
        cwd: instance.cwd,
        after: [...new Set(instance.edges.map((edge) => edge.on))],
        cache: prediction?.text ?? "not cached: the task does not ask for it",
        ...(prediction?.key === undefined ? {} : { key: prediction.key }),
        ...(prediction?.recipe === undefined ? {} : { recipe: prediction.recipe }),
      };
    }),
  );
}

export interface ExplainOptions {
  readonly cache?: CacheOptions;
  /** `-e NAME=VALUE`. */
  readonly env?: Readonly<Record<string, string>>;
}

const CACHE_ON: CacheOptions = { isOff: false, force: false, why: true, verbose: false };

async function predictionsOf(
  planned: RunnablePlan,
  setting: PredictionSetting,
): Promise<ReadonlyMap<InstanceId, CachePrediction>> {
  if (!planned.plan.instances.some(({ cache }) => cache !== undefined)) return new Map();
  return (await import("./predict-cache")).predictCache(planned, setting);
}

/** Where the task would be run, the cache has the word. */
function withPrediction(said: string, { kind, text }: CachePrediction): string {
  if (!said.startsWith("would run") || kind === "off") return said;
  return said === "would run" ? text : `${text} (${said.slice("would run: ".length)})`;
}

async function verdict(
  instance: Instance,
  planned: RunnablePlan,
  { host, environments }: { readonly host: Host; readonly environments: ReturnType<typeof environmentsOf> },
): Promise<string> {
  if (!runsOn(instance.platforms, host.os, host.arch))
    return `would be skipped: only on ${instance.platforms.join(", ")}`;
  if (instance.heldBy !== undefined && instance.reason.kind !== "dep") return "would run if called for";
  const { condition, skipIf } = instance;
  const deciding = [condition, skipIf].filter((source) => source !== undefined);
  if (deciding.length === 0 || planned.conditions === undefined) return "would run";
  const env = await environments.of(instance);
  if (!env.ok) return "would fail: its environment is not complete";
  const pkg = planned.plan.packages[instance.environment];
  if (pkg === undefined) throw new Error(`the package of ${instance.id} is not in the plan`);
  for (const source of deciding) {
    const decided = await planned.conditions.decide({
      condition: source,
      instance,
      plan: planned.plan,
      package: pkg,
      env: env.env.values,
      attempt: 1,
      outputs: new SharedOutputs(),
    });
    if (decided.kind === "error") return `can't be told before it runs: ${decided.message}`;
    if (decided.value === (source === skipIf))
      return `would be skipped: ${source.source} ${decided.value ? "holds" : "does not hold"}`;
  }
  const why = deciding.map((source) => `${source.source} ${source === skipIf ? "does not hold" : "holds"}`);
  return `would run: ${why.join(", ")}`;
}

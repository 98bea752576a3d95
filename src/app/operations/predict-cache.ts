import { partNoun } from "#core/cache/recipe-changes";
import type { KeyRecipe } from "#core/model/cache";
import type { InstanceId } from "#core/model/ids";
import type { Instance } from "#core/model/plan";
import { stepsOn } from "#core/plan/steps-on";
import type { TaskCache } from "#engine/cache/task-cache";
import type { TaskKeys } from "#engine/cache/task-keys";
import type { Environments } from "#engine/exec/instance-environment";
import type { Host } from "#system/host";
import { openTaskCache, variablesOf } from "#app/open-task-cache";
import type { CacheOptions } from "#app/open-task-cache";
import type { RunnablePlan } from "./plan-run";

/** What the cache would say to an instance if it were run now. */
export interface CachePrediction {
  readonly kind: "hit" | "miss" | "open" | "off";
  /** `would hit`, `would miss: input src/a.ts changed`. */
  readonly text: string;
  /** There where it can be worked out before the run. */
  readonly key?: string;
  readonly recipe?: KeyRecipe;
}

/** Asks the cache about each cached instance of a plan, in the plan's order; runs and restores nothing. */
export async function predictCache(
  planned: RunnablePlan,
  { host, environments, options }: PredictionSetting,
): Promise<ReadonlyMap<InstanceId, CachePrediction>> {
  const { plan, cache: basis } = planned;
  const found = new Map<InstanceId, CachePrediction>();
  const cached = plan.instances.filter(({ cache }) => cache !== undefined);
  if (cached.length === 0) return found;
  const warnings: string[] = [];
  const opened = await openTaskCache({
    root: plan.root,
    basis,
    host,
    instances: plan.instances,
    environments,
    options,
  });
  opened?.session.connect((level, text) => void (level === "warn" && warnings.push(text)));
  if (opened?.parts === undefined) {
    const text = warnings[0] ?? "the cache is off";
    for (const { id } of cached) found.set(id, { kind: "off", text });
    return found;
  }
  const prediction = new Prediction(opened.parts, { host, environments, options });
  for (const instance of plan.instances) {
    const said = await prediction.of(instance);
    if (said !== undefined) found.set(instance.id, said);
  }
  await opened.session.close();
  return found;
}

export interface PredictionSetting {
  readonly host: Host;
  readonly environments: Environments;
  readonly options: CacheOptions;
}

class Prediction {
  readonly #cache: TaskCache;
  readonly #keys: TaskKeys;
  readonly #host: Host;
  readonly #environments: Environments;
  readonly #force: boolean;
  /** What would be run, and makes what nobody knows yet. */
  readonly #unknown = new Set<InstanceId>();

  constructor(
    { cache, keys }: { readonly cache: TaskCache; readonly keys: TaskKeys },
    { host, environments, options }: PredictionSetting,
  ) {
    this.#cache = cache;
    this.#keys = keys;
    this.#host = host;
    this.#environments = environments;
    this.#force = options.force;
  }

  async of(instance: Instance): Promise<CachePrediction | undefined> {
    const said = instance.cache === undefined ? undefined : await this.#predict(instance);
    const { outputs = [] } = instance.cache ?? instance.declares ?? {};
    const isGroup = instance.steps.length === 0;
    const isFollowing = isGroup && this.#unknownBefore(instance) !== undefined;
    const makesAnew = outputs.length > 0 && !isGroup && said?.kind !== "hit";
    if (isFollowing || makesAnew || said?.kind === "open") this.#unknown.add(instance.id);
    return said;
  }

  async #predict(instance: Instance): Promise<CachePrediction> {
    if (instance.late !== undefined)
      return { kind: "open", text: `is known when ${instance.late[0]?.text ?? "its variables"} is` };
    const asked = stepsOn(instance.steps, this.#host).find(
      ({ condition }) => condition !== undefined,
    )?.condition;
    if (asked !== undefined) return { kind: "open", text: `is known when '${asked.source}' has been asked` };
    const before = this.#unknownBefore(instance);
    const variables = await variablesOf(instance, this.#environments);
    if (variables === undefined) return { kind: "off", text: "its environment can't be made" };
    const made = await this.#keys.of(instance, variables);
    if (!made.ok) return { kind: "off", text: `is not cached: ${made.why}` };
    if (before !== undefined) {
      const own = await this.#cache.ownChanges(instance, made.recipe);
      const text =
        own === "" ? `would hit if ${before} makes what it has made before` : `would likely miss: ${own}`;
      return { kind: "open", text, recipe: made.recipe };
    }
    const facts = { key: made.key, recipe: made.recipe };
    if (this.#force) return { kind: "miss", text: "would run: --force", ...facts };
    const stored = await this.#cache.find(instance, made);
    if (typeof stored === "string") return { kind: "miss", text: `would miss: ${stored}`, ...facts };
    if (stored === undefined)
      return {
        kind: "miss",
        text: `would miss: ${await this.#cache.whyMissed(instance, made.recipe)}`,
        ...facts,
      };
    this.#keys.suppose(instance.id, stored);
    return { kind: "hit", text: "would hit", ...facts };
  }

  #unknownBefore({ edges }: Instance): InstanceId | undefined {
    return edges.find(({ on, kind }) => kind !== "order" && this.#unknown.has(on))?.on;
  }
}

/** Names of the parts of a key by what they are, in the order of the recipe. */
export function recipeRows({
  parts,
}: KeyRecipe): readonly { readonly noun: string; readonly names: readonly string[] }[] {
  const rows = new Map<string, string[]>();
  for (const part of parts) {
    if (part.kind === "task") continue;
    const noun = partNoun(part);
    const names = rows.get(noun);
    if (names === undefined) rows.set(noun, [part.name]);
    else names.push(part.name);
  }
  return [...rows].map(([noun, names]) => ({ noun, names }));
}

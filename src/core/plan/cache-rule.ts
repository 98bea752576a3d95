import { parseDuration } from "#base/duration";
import { isInside, relativeTo } from "#base/path";
import type { Diagnostic } from "#base/diagnostic";
import type { TaskSource } from "#core/config/config";
import type { TaskTable } from "#core/config/schema/sections";
import type { CacheRule } from "#core/model/cache";
import type { Instance, Redirect } from "#core/model/plan";
import type { Interpolation, PlaceOf } from "./interpolation";

interface RuleContext {
  readonly fill: Interpolation;
  readonly at: (key: string, ...rest: readonly (string | number)[]) => PlaceOf;
  readonly sources: readonly TaskSource[];
  /** Deps of the task are left out of the plan. */
  readonly isWithoutDeps: boolean;
  readonly root: string;
  readonly problems: Diagnostic[];
}

type Cached = Pick<Instance, "cache" | "declares">;
type Facts = Pick<Instance, "interactive" | "persistent" | "io" | "environment" | "name">;

const NOTHING: Cached = {};

/**
 * What a task says about caching. Where it is not cached itself, what it declares of its files still tells cached tasks
 * behind it whether anything has changed.
 */
export function cacheParts(table: TaskTable, instance: Facts, context: RuleContext): Cached {
  const { cache, inputs, outputs, env_inputs, depfile, sandbox } = table;
  const isCached = cache !== undefined && cache !== false;
  if (!isCached && (inputs ?? outputs ?? env_inputs ?? depfile ?? sandbox) === undefined) return NOTHING;
  const rule = cacheRule(table, instance, context);
  if (!isCached) return { declares: rule };
  if (!instance.persistent && !instance.interactive) {
    // What the deps left out would have made can't be told apart.
    const isAlone = context.isWithoutDeps && (table.deps ?? table.deps_serial) !== undefined;
    return isAlone ? { declares: rule } : { cache: rule };
  }
  if (isOwn(context.sources)) context.problems.push(notCacheable(instance, context));
  return { declares: rule };
}

/** Defaults for all tasks mean those that can be cached. */
const isOwn = (sources: readonly TaskSource[]): boolean =>
  sources.findLast(({ table }) => table.cache !== undefined)?.path[0] !== "defaults";

function notCacheable({ persistent, name }: Facts, { at }: RuleContext): Diagnostic {
  const why = persistent
    ? "it is persistent and never ends"
    : "it is interactive, and what it does is up to the user";
  return {
    code: "E179",
    severity: "error",
    data: { key: "cache", task: name, why },
    place: at("cache")().place,
  };
}

function cacheRule(table: TaskTable, instance: Facts, { fill, at, root }: RuleContext): CacheRule {
  const { inputs, outputs, env_inputs, depfile, allow_overlap, cache } = table;
  const options = typeof cache === "object" ? cache : {};
  const list = (globs: readonly string[], key: string): readonly string[] =>
    globs.map((glob, index) => fill.plain(glob, at(key, index)));
  const dependencies = depfile === undefined ? undefined : fill.plain(depfile, at("depfile"));
  const ttlMs = options.ttl === undefined ? undefined : parseDuration(options.ttl);
  return {
    inputs: inputs === undefined ? undefined : list(inputs, "inputs"),
    outputs: [
      ...(outputs === undefined ? [] : list(outputs, "outputs")),
      ...(dependencies === undefined ? [] : [dependencies]),
      ...redirected(instance, root),
    ],
    envInputs: env_inputs ?? [],
    ...(dependencies === undefined ? {} : { depfile: dependencies }),
    allowOverlap: allow_overlap ?? false,
    platform: options.platform ?? false,
    ...(options.salt === undefined ? {} : { salt: options.salt }),
    ...(ttlMs === undefined ? {} : { ttlMs }),
    remote: options.remote ?? true,
    log: options.log ?? "replay",
  };
}

/** Files that its streams go to are made by it as its outputs are; those outside the workspace are left to it. */
function redirected({ io, environment }: Facts, root: string): readonly string[] {
  const paths = [io.stdout, io.stderr]
    .filter((redirect): redirect is Extract<Redirect, { kind: "file" }> => redirect?.kind === "file")
    .map(({ path }) => path);
  return [...new Set(paths)].flatMap((path) => {
    if (isInside(environment, path)) return [literal(relativeTo(environment, path))];
    return isInside(root, path) ? [`//${literal(relativeTo(root, path))}`] : [];
  });
}

/** A path as a glob that means only it. */
const literal = (path: string): string => path.replaceAll(/[*?[\]{}()!+@\\]/g, "\\$&");

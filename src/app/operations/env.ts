import { suggest } from "#base/suggest";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { findTask } from "#core/workspace/references";
import type { Package } from "#core/workspace/workspace";
import { maskText } from "#engine/env/mask";
import type { ResolvedEnvironment } from "#engine/env/resolved-environment";
import { compileSecrets } from "#engine/env/secret-automaton";
import type { LoadedWorkspace } from "#app/load-workspace";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { withInstalledTools } from "#app/tools/equip-plan";
import { environmentsOf } from "./environments";
import { resolvePackageEnvironment } from "./package-environment";
import { planLoaded } from "./plan-run";
import type { PlanInput } from "./plan-run";

export interface EnvironmentRequest {
  /** Without words the environment is that of a package. */
  readonly input: PlanInput;
  /** Name of the package where there are no words; default: the current one. */
  readonly package?: string | undefined;
}

/** An environment and the definitions that it comes from. */
export interface FoundEnvironment {
  readonly env: ResolvedEnvironment;
  readonly system: Readonly<Record<string, string | undefined>>;
  readonly texts: ReadonlyMap<string, string>;
  readonly pkg: Package;
  /** The task whose environment it is. */
  readonly task?: ReturnType<Package["resolve"]>;
}

/** A variable as it may be shown. */
export interface ShownVariable {
  readonly name: string;
  /** Undefined: a layer takes the variable away. */
  readonly value: string | undefined;
  /** Whether the value is not what is shown. */
  readonly masked: boolean;
}

/** A variable whose values in two environments differ; undefined: it is not set there. */
export interface VariableChange {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What stands for the value of a secret variable. */
export const MASK = "****";

/** The environment of the task that is asked for, or of a package. */
export async function findEnvironment(
  loaded: LoadedWorkspace,
  { input, package: name }: EnvironmentRequest,
): Promise<Result<FoundEnvironment, Problems>> {
  const { workspace, texts } = loaded;
  const base = { system: input.host.env, texts };
  if (input.words.length > 0) return taskEnvironment(loaded, input);
  const pkg = name === undefined ? workspace.current : workspace.packages.get(name);
  if (pkg === undefined)
    return err(usageProblem("E132", { name: name ?? "" }, suggest(name ?? "", workspace.packages.keys())));
  const made = await resolvePackageEnvironment({ workspace, pkg, host: input.host, flags: input.env });
  return made.ok
    ? ok({ ...base, env: made.value, pkg })
    : err({ diagnostics: made.error, unread: [], texts });
}

async function taskEnvironment(
  loaded: LoadedWorkspace,
  input: PlanInput,
): Promise<Result<FoundEnvironment, Problems>> {
  const { workspace, texts } = loaded;
  const alone = await planLoaded(loaded, { ...input, only: true });
  // A task may refer to what runs before it.
  const planned = alone.ok ? alone : await planLoaded(loaded, { ...input, only: false });
  if (!planned.ok) return planned;
  const { requested, instances } = planned.value.plan;
  const instance = instances.find(({ id }) => id === requested[0]);
  if (instance === undefined || requested.length > 1)
    return err(
      usageProblem("E184", { command: "zr env", what: `one task, such as ${requested.join(" or ")}` }),
    );
  const equipped = await withInstalledTools(planned.value, input.host);
  const seen = equipped.plan.instances.find(({ id }) => id === instance.id) ?? instance;
  const made = await environmentsOf(equipped, input.host, input.env).of(seen);
  if (!made.ok) return err({ diagnostics: made.diagnostics, unread: [], texts });
  const pkg = [...workspace.packages.values()].find(({ dir }) => dir === instance.environment);
  const entry = pkg === undefined ? undefined : findTask(pkg, instance.name)?.entry;
  return ok({
    env: made.env,
    system: input.host.env,
    texts,
    pkg: pkg ?? workspace.current,
    ...(pkg === undefined || entry === undefined ? {} : { task: pkg.resolve(entry) }),
  });
}

export type Show = (name: string, value: string) => string;

/** How values may be shown: those of secret variables as stars, and secrets inside of others too. */
export function maskOf(environments: readonly ResolvedEnvironment[]): Show {
  const names = new Set(environments.flatMap((env) => [...env.secretNames]));
  const secrets = compileSecrets(environments.flatMap((env) => env.secretValues()));
  return (name, value) => (names.has(name) ? MASK : maskText(value, secrets));
}

/** The variables, by name: those that a layer above the system's says something about, or all of them. */
export function shownVariables(
  { env, system }: FoundEnvironment,
  { all, show }: { readonly all: boolean; readonly show: Show },
): readonly ShownVariable[] {
  const isLayered = (name: string): boolean => env.trace(name).layers.some(({ layer }) => layer !== "system");
  const names = new Set([...Object.keys(env.values), ...Object.keys(system)]);
  return [...names]
    .sort()
    .filter((name) => (all && env.values[name] !== undefined) || isLayered(name))
    .map((name) => {
      const value = env.values[name];
      const shown = value === undefined ? undefined : show(name, value);
      return { name, value: shown, masked: shown !== value };
    });
}

/** What another environment would change. */
export function environmentChanges(
  before: ResolvedEnvironment,
  after: ResolvedEnvironment,
  show: Show,
): readonly VariableChange[] {
  const names = [...new Set([...Object.keys(before.values), ...Object.keys(after.values)])].sort();
  const shown = (name: string, value: string | undefined): string | undefined =>
    value === undefined ? undefined : show(name, value);
  return names
    .filter((name) => before.values[name] !== after.values[name])
    .map((name) => ({
      name,
      before: shown(name, before.values[name]),
      after: shown(name, after.values[name]),
    }));
}

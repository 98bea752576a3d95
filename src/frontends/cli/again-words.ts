import type { LoadOptions } from "#app/load-workspace";
import type { RunnablePlan } from "#app/operations/plan-run";
import type { Workspace } from "#core/workspace/workspace";
import type { InstanceId } from "#core/model/ids";
import type { Instance } from "#core/model/plan";
import { parameterWord } from "#core/plan/parameter-word";
import { declaredParameters } from "#core/plan/parameters";
import type { Parameter } from "#core/plan/parameters";
import { resolveReference } from "#core/workspace/references";
import { compileSecretNames, defaultSecretPatterns } from "#engine/env/secrets";
import type { AgainWords } from "#frontends/output/renderer-options";
import { ownSecrets } from "./own-secrets";
import { listOption } from "./session";
import type { Session } from "./session";

/**
 * What a command has to repeat to run an instance of a plan as it was run: values and variables of the command line, the
 * values of its parameters, and what came after `--`. Nothing where one of them is called like a secret or holds the
 * value of a secret variable that zr was started with, or can't be written on a command line.
 */
export async function againWords(
  planned: RunnablePlan,
  { options, load, host }: Pick<Session, "options" | "load" | "host">,
  id: InstanceId,
): Promise<AgainWords | undefined> {
  const instance = planned.plan.instances.find((one) => one.id === id);
  if (instance === undefined) return undefined;
  const given = ["set", "env"].flatMap((name) =>
    listOption(options, name).map((value) => ({ name, value, about: value.split("=", 1)[0] ?? "" })),
  );
  const names = [...Object.keys(instance.params), ...given.map(({ about }) => about)];
  const configured = planned.settings.global.secret_names ?? [];
  if (names.some(compileSecretNames([...defaultSecretPatterns, ...configured]))) return undefined;
  const values = parameterWords(instance, await declaredOf(planned.workspace, instance, load));
  if (values === undefined) return undefined;
  const flags = given.map(({ name, value }) => `--${name}=${value}`);
  const secrets = ownSecrets(planned, host);
  const holdsSecret = [...flags, ...values, ...instance.args].some((word) =>
    secrets.some((secret) => word.includes(secret)),
  );
  return holdsSecret ? undefined : { flags, values, extra: instance.args };
}

/** What the task of an instance declares; of a package that is not known, nothing. */
async function declaredOf(
  known: Workspace | undefined,
  instance: Instance,
  load: LoadOptions,
): Promise<readonly Parameter[]> {
  if (Object.keys(instance.params).length === 0) return [];
  const workspace = known ?? (await workspaceOf(load));
  if (workspace === undefined) return [];
  const target = resolveReference(workspace, { pkg: workspace.current }, instance.task)[0];
  return target === undefined ? [] : declaredParameters(target.pkg.resolve(target.entry).table);
}

/** Values that parameters have where nobody gives one. */
const defaultsOf = (declared: readonly Parameter[]): ReadonlyMap<string, string> =>
  new Map(
    declared.flatMap(({ name, default: value, type, env }) => {
      // Its variable may be set there and not here.
      if (env !== undefined) return [];
      if (value !== undefined) return [[name, String(value)]];
      return type === "boolean" ? [[name, "false"]] : [];
    }),
  );

/** A plan that was kept has none with it. */
async function workspaceOf(load: LoadOptions): Promise<Workspace | undefined> {
  const loaded = await (await import("#app/load-workspace")).loadWorkspace(load);
  return loaded.ok ? loaded.value.workspace : undefined;
}

/** In their order, as words for as long as that is possible, else by name; a list needs every other one to be given. */
function parameterWords(
  { params }: Pick<Instance, "params">,
  declared: readonly Parameter[],
): readonly string[] | undefined {
  const defaults = defaultsOf(declared);
  const hasList = Object.values(params).some((value) => typeof value !== "string" && value.length > 0);
  // As a word this would give another parameter its value.
  const isNamed = (word: string): boolean => declared.some(({ name }) => word.startsWith(`${name}=`));
  const words: string[] = [];
  let isInOrder = true;
  for (const name of declared.length > 0 ? declared.map((one) => one.name) : Object.keys(params)) {
    const value = params[name];
    if (value === undefined) isInOrder = false;
    else if (typeof value !== "string") {
      if (value.some((word) => word.startsWith("-") || isNamed(word))) return undefined;
      words.push(...value);
    } else if (!hasList && value === defaults.get(name)) isInOrder = false;
    else if (isInOrder && value !== "" && !value.startsWith("-") && !isNamed(value)) words.push(value);
    else words.push(parameterWord(name, value));
  }
  return words;
}

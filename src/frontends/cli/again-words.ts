import type { PlannedRun } from "#app/operations/plan-run";
import type { InstanceId } from "#core/model/ids";
import type { Instance } from "#core/model/plan";
import { declaredParameters } from "#core/plan/parameters";
import { resolveReference } from "#core/workspace/references";
import { compileSecretNames, defaultSecretPatterns } from "#engine/env/secrets";
import type { AgainWords } from "#frontends/output/renderer-options";
import { listOption } from "./session";
import type { Session } from "./session";

/**
 * What a command has to repeat to run an instance of a plan as it was run: values and variables of the command line, the
 * values of its parameters, and what came after `--`. Nothing where one of them is called like a secret, or can't be
 * written on a command line.
 */
export function againWords(
  planned: PlannedRun,
  { options }: Pick<Session, "options">,
  id: InstanceId,
): AgainWords | undefined {
  const instance = planned.plan.instances.find((one) => one.id === id);
  if (instance === undefined) return undefined;
  const given = ["set", "env"].flatMap((name) =>
    listOption(options, name).map((value) => ({ name, value, about: value.split("=", 1)[0] ?? "" })),
  );
  const names = [...Object.keys(instance.params), ...given.map(({ about }) => about)];
  const configured = planned.workspace.current.config.global.secret_names ?? [];
  if (names.some(compileSecretNames([...defaultSecretPatterns, ...configured]))) return undefined;
  const values = parameterWords(instance, defaultsOf(planned, instance));
  return values === undefined
    ? undefined
    : {
        flags: given.map(({ name, value }) => `--${name}=${value}`),
        values,
        extra: instance.args,
      };
}

/** Values that parameters have where nobody gives one; of a package that is not known, none. */
function defaultsOf({ workspace }: PlannedRun, instance: Instance): ReadonlyMap<string, string> {
  if (Object.keys(instance.params).length === 0) return new Map();
  const target = resolveReference(workspace, { pkg: workspace.current }, instance.task)[0];
  const declared = target === undefined ? [] : declaredParameters(target.pkg.resolve(target.entry).table);
  return new Map(
    declared.flatMap(({ name, default: value, type, env }) => {
      // Its variable may be set there and not here.
      if (env !== undefined) return [];
      if (value !== undefined) return [[name, String(value)]];
      return type === "boolean" ? [[name, "false"]] : [];
    }),
  );
}

/** In their order, as words for as long as that is possible, else by name; a list needs every other one to be given. */
function parameterWords(
  { params }: Pick<Instance, "params">,
  defaults: ReadonlyMap<string, string>,
): readonly string[] | undefined {
  const hasList = Object.values(params).some((value) => typeof value !== "string" && value.length > 0);
  const words: string[] = [];
  let isInOrder = true;
  for (const [name, value] of Object.entries(params)) {
    if (typeof value !== "string") {
      if (value.some((word) => word.startsWith("-"))) return undefined;
      words.push(...value);
    } else if (!hasList && value === defaults.get(name)) isInOrder = false;
    else if (isInOrder && value !== "" && !value.startsWith("-")) words.push(value);
    else words.push(`--${name}=${value}`);
  }
  return words;
}

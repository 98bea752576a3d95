import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { EnvLayerName } from "#core/model/environment";
import type { Instance } from "#core/model/plan";
import type { ResolvedEnvironment } from "#engine/env/resolved-environment";

/** Layers that belong to the task itself or were given for this run. */
const OWN_LAYERS: ReadonlySet<EnvLayerName> = new Set(["group", "task-env-file", "task-env", "flag"]);

/** What of zr's own variables means something on another machine. */
const FACTS = ["ZR_RUN_ID", "ZR_TASK", "ZR_PACKAGE", "ZR_ATTEMPT"];

/**
 * The variables that go with a command to another machine: those that the task declares, never the rest of the local
 * environment. `facts` holds zr's own. An error is a name that no shell there could take.
 */
export function remoteVariables(
  env: Pick<ResolvedEnvironment, "values" | "trace">,
  instance: Pick<Instance, "requiredEnv" | "secrets">,
  facts: Readonly<Record<string, string>>,
): Result<Readonly<Record<string, string>>, string> {
  const asked = new Set([...instance.requiredEnv, ...instance.secrets]);
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(env.values)) {
    if (!asked.has(name) && !env.trace(name).layers.some(({ layer }) => OWN_LAYERS.has(layer))) continue;
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return err(name);
    variables[name] = value;
  }
  for (const name of FACTS) {
    const value = facts[name];
    if (value !== undefined) variables[name] = value;
  }
  return ok(variables);
}

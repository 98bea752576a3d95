import type { Diagnostic } from "#base/diagnostic";
import type { TaskTable } from "#core/config/schema/sections";
import type { Instance } from "#core/model/plan";
import type { SandboxRule } from "#core/model/sandbox";
import type { PlaceOf } from "./interpolation";

interface SandboxContext {
  /** `linux`, `darwin`, `windows`: where the instance is to run. */
  readonly os: string;
  readonly at: (key: string) => PlaceOf;
  readonly problems: Diagnostic[];
}

/** The sandbox that a task asks for; undefined where it asks for none, or can't have one, which is a problem. */
export function sandboxRule(
  { sandbox }: TaskTable,
  instance: Pick<Instance, "name" | "persistent" | "interactive" | "remote">,
  { os, at, problems }: SandboxContext,
): SandboxRule | undefined {
  if (sandbox === undefined) return undefined;
  const why = obstacle(instance, os);
  if (why !== undefined) {
    problems.push({
      code: "E158",
      severity: "error",
      data: { task: instance.name, why },
      place: at("sandbox")().place,
    });
    return undefined;
  }
  const { net = true, write } = typeof sandbox === "string" ? {} : sandbox;
  return { net, writesOutputsOnly: write === "outputs" };
}

function obstacle(
  { persistent, interactive, remote }: Pick<Instance, "persistent" | "interactive" | "remote">,
  os: string,
): string | undefined {
  if (os !== "linux") return `sandboxes are made of Linux's namespaces, and this is ${os}`;
  if (persistent) return "it is persistent and never ends, so its outputs could never be taken out";
  if (interactive) return "it is interactive, and what it does is up to the user";
  return remote === undefined ? undefined : "its commands run on another machine";
}

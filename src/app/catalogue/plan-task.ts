import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { parameterWord } from "#core/plan/parameter-word";
import { declaredParameters } from "#core/plan/parameters";
import { parseReference, resolveReference } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import { planLoaded } from "#app/operations/plan-run";
import type { PlannedRun } from "#app/operations/plan-run";
import type { Problems } from "#app/problems";
import type { OperationContext } from "./operation";
import type { OperationInput } from "./operation-input";
import { unknownPackage } from "./task-bodies";
import { load, planBase } from "./workspace-load";

/** The plan of one task, and the command line that means the same. */
export interface PlannedTask {
  readonly planned: PlannedRun;
  readonly words: readonly string[];
  readonly extra: readonly string[];
}

/**
 * Plans the task that an operation's input names. Its `args` are the values of the task's parameters, as far as it
 * declares some that have none; the others are handed to its command.
 */
export async function planTask(
  input: OperationInput,
  context: OperationContext,
): Promise<Result<PlannedTask, Problems>> {
  const loaded = await load(context);
  if (!loaded.ok) return loaded;
  const { workspace } = loaded.value;
  const pkg = input.text("package");
  if (pkg !== undefined && !workspace.packages.has(pkg)) return err(unknownPackage(workspace, pkg));
  const task = input.needed("task");
  const ref = pkg === undefined ? task : `${workspace.packages.get(pkg)?.prefix || "//"}:${task}`;
  const named = input.table("params");
  const { own, extra } = dividedArguments(input.texts("args"), { ref, named, workspace });
  const planned = await planLoaded(loaded.value, {
    ...planBase(context),
    words: [],
    targets: [{ ref, words: own, named }],
    extra,
  });
  if (!planned.ok) return planned;
  const options = Object.entries(named).map(([name, value]) => parameterWord(name, value));
  return ok({ planned: planned.value, words: [ref, ...options, ...own], extra });
}

interface Asked {
  readonly ref: string;
  readonly named: Readonly<Record<string, string>>;
  readonly workspace: Workspace;
}

function dividedArguments(
  args: readonly string[],
  { ref, named, workspace }: Asked,
): { readonly own: readonly string[]; readonly extra: readonly string[] } {
  const [target] = resolveReference(workspace, { pkg: workspace.current }, parseReference(ref).name);
  const parameters = target === undefined ? [] : declaredParameters(target.pkg.resolve(target.entry).table);
  const open = parameters.filter(({ name }) => !Object.hasOwn(named, name));
  const taken = open.some(({ variadic }) => variadic === true) ? args.length : open.length;
  return { own: args.slice(0, taken), extra: args.slice(taken) };
}

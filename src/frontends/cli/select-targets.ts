import { choosePackages } from "#app/chosen-packages";
import type { LoadedWorkspace } from "#app/load-workspace";
import { packageTargets } from "#app/package-targets";
import { plainProblems, usageProblem } from "#app/problems";
import type { TargetRequest } from "#core/plan/request";
import { parseReference, resolveReference } from "#core/workspace/references";
import type { Package } from "#core/workspace/workspace";
import { print } from "#system/stdio/print";
import { refuse } from "./refuse";
import { formatOption, isOn, listOption } from "./session";
import type { Session } from "./session";

/** The packages that `--filter` means, all where there is none; the exit code where it means nothing, which has been told. */
export async function selectedPackages(
  { workspace }: Pick<LoadedWorkspace, "workspace">,
  session: Session,
): Promise<{ readonly packages: readonly Package[]; readonly asksForChanges: boolean } | number> {
  const filters = listOption(session.options, "filter");
  if (filters.length === 0) return { packages: [...workspace.packages.values()], asksForChanges: false };
  const chosen = await choosePackages(workspace, filters, session);
  return chosen.ok ? chosen.value : refuse(session, chosen.error);
}

/** Tasks as a command line asks for them. */
export interface AskedTasks {
  readonly words: readonly string[];
  /** References to the tasks that have one of the tags. */
  readonly tagged: readonly string[];
}

/** What words mean in the packages that the options choose; the exit code where there is nothing to run. */
export async function selectTargets(
  { words, tagged }: AskedTasks,
  { session, loaded }: { readonly session: Session; readonly loaded: LoadedWorkspace },
): Promise<readonly TargetRequest[] | number> {
  const { workspace } = loaded;
  const chosen = await selectedPackages(loaded, session);
  if (typeof chosen === "number") return chosen;
  const { targets, problems, unknown, elsewhere } = packageTargets(words, workspace, chosen.packages);
  if (problems.length > 0) return refuse(session, { ...plainProblems(...problems), texts: loaded.texts });
  const [missing] = unknown;
  if (missing !== undefined) {
    const { unknownTask } = await import("#app/operations/unknown-task");
    return refuse(session, unknownTask(missing, workspace));
  }
  const [foreign] = elsewhere;
  if (foreign !== undefined && !chosen.asksForChanges)
    return refuse(session, usageProblem("E374", { task: foreign }));
  // A tag means tasks of all packages: those of others are left out without a word.
  const all = [...targets, ...packageTargets(tagged, workspace, chosen.packages).targets];
  return all.length > 0 ? all : nothingToRun(session);
}

/** Those of the targets that lie in the packages that the options choose; the exit code where none does. */
export async function keepSelected(
  targets: readonly TargetRequest[],
  { session, loaded }: { readonly session: Session; readonly loaded: LoadedWorkspace },
): Promise<readonly TargetRequest[] | number> {
  const chosen = await selectedPackages(loaded, session);
  if (typeof chosen === "number") return chosen;
  const { workspace } = loaded;
  const kept = targets.filter(({ ref }) =>
    resolveReference(workspace, { pkg: workspace.current }, parseReference(ref).name).some(({ pkg }) =>
      chosen.packages.includes(pkg),
    ),
  );
  return kept.length > 0 ? kept : nothingToRun(session);
}

async function nothingToRun({ options }: Session): Promise<number> {
  if (formatOption(options) !== "json" && !isOn(options, "quiet"))
    await print("stderr", "zr: nothing to run in the selected packages\n");
  return 0;
}

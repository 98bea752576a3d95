import type { Diagnostic } from "#base/diagnostic";
import { resolveFrom, isInside } from "#base/path";
import { suggest } from "#base/suggest";
import { checkCondition } from "#core/expr/check";
import { problemDiagnostic } from "#core/expr/problem";
import { doctorSettings } from "#core/onboard/doctor-settings";
import { GIT_HOOKS } from "#core/onboard/git-hook-names";
import { setupSettings } from "#core/onboard/setup-settings";
import type { SetupSettings } from "#core/onboard/setup-settings";
import { resolveReference, suggestTasks } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import { isFolder } from "#system/fs/read-text";

/** Whether any file of the workspace has `[setup]` or `[doctor]`: most have not, and then nothing of them is loaded. */
export function mentionsOnboarding({ packages }: Workspace): boolean {
  for (const { config } of packages.values())
    for (const { document } of config.files)
      if (document.setup !== undefined || document.doctor !== undefined) return true;
  return false;
}

/** What is wrong with `[setup]` and `[doctor]` beyond their form: names that lead nowhere, sections that nobody reads. */
export async function checkOnboarding(workspace: Workspace): Promise<readonly Diagnostic[]> {
  const { rootPackage } = workspace;
  const settings = setupSettings(rootPackage.config.files);
  const { checks } = doctorSettings(rootPackage.config.files);
  const problems: Diagnostic[] = [...misplaced(workspace)];
  const error = (code: string, data: Diagnostic["data"], rest: Partial<Diagnostic>): void =>
    void problems.push({ code, severity: "error", data, ...rest });
  for (const { name, place } of settings.hooks)
    if (!GIT_HOOKS.includes(name)) error("E621", { name }, { place, suggestions: suggest(name, GIT_HOOKS) });
  for (const { path, place } of settings.deps) {
    const dir = resolveFrom(workspace.root, path);
    if (!isInside(workspace.root, dir) || !(await isFolder(dir))) error("E622", { path }, { place });
  }
  const names = checks.map(({ name }) => name);
  for (const step of settings.steps) {
    if (step.kind === "services")
      for (const name of step.wait ?? [])
        if (!names.includes(name))
          error("E623", { name }, { place: step.place, suggestions: suggest(name, names) });
    if (step.kind === "task" && resolveReference(workspace, { pkg: rootPackage }, step.task).length === 0)
      error(
        "E160",
        { name: step.task, where: "[setup]" },
        { place: step.place, suggestions: suggestTasks(workspace, { pkg: rootPackage }, step.task) },
      );
  }
  problems.push(...wrongSteps(workspace), ...wrongConditions(settings));
  for (const { name, place, probe } of checks) if (probe === undefined) error("E624", { name }, { place });
  return problems;
}

/** Sections in the files of members, where nobody reads them. */
function misplaced({ packages, rootPackage }: Workspace): readonly Diagnostic[] {
  return [...packages.values()].flatMap((pkg) =>
    pkg === rootPackage
      ? []
      : pkg.config.files
          .filter(({ layer }) => layer !== "root" && layer !== "user")
          .flatMap(({ path: file, document }) =>
            (["setup", "doctor"] as const).flatMap((section): Diagnostic[] =>
              document[section] === undefined
                ? []
                : [
                    {
                      code: "E620",
                      severity: "error",
                      data: { section },
                      place: { file, path: [section], target: "header" },
                    },
                  ],
            ),
          ),
  );
}

/** Steps that are neither a task nor a command, or both. */
const wrongSteps = ({ rootPackage }: Workspace): readonly Diagnostic[] =>
  rootPackage.config.files.flatMap(({ path: file, document }) =>
    (document.setup?.steps ?? []).flatMap((entry, index): Diagnostic[] =>
      typeof entry === "string" || (entry.run === undefined) !== (entry.cmd === undefined)
        ? []
        : [
            {
              code: "E625",
              severity: "error",
              data: {},
              place: { file, path: ["setup", "steps", index] },
            },
          ],
    ),
  );

const wrongConditions = ({ steps, deps }: SetupSettings): readonly Diagnostic[] =>
  [...steps, ...deps].flatMap(({ options: { condition } }) =>
    condition === undefined
      ? []
      : checkCondition(condition.source, { site: "task", matrix: new Map(), args: new Map(), upstream: new Set() }).map(
          (problem) => problemDiagnostic(problem, condition.place),
        ),
  );

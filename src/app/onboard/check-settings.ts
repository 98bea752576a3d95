import type { Diagnostic, Place } from "#base/diagnostic";
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
import { isFolder } from "#system/fs/is-folder";

/** What is wrong with `[setup]` and `[doctor]` beyond their form: names that lead nowhere, sections that nobody reads. */
export async function checkOnboarding(workspace: Workspace): Promise<readonly Diagnostic[]> {
  const { rootPackage } = workspace;
  const settings = setupSettings(rootPackage.config.files);
  const { checks } = doctorSettings(rootPackage.config.files);
  const problems: Diagnostic[] = [...misplaced(workspace)];
  const error = (code: string, data: Diagnostic["data"], rest: Partial<Diagnostic>): void =>
    void problems.push({ code, severity: "error", data, ...rest });
  const checkTask = (name: string, place: Place): void => {
    const origin = { pkg: rootPackage };
    if (resolveReference(workspace, origin, name).length > 0) return;
    error("E628", { name }, { place, suggestions: suggestTasks(workspace, origin, name) });
  };
  for (const { name, place, tasks } of settings.hooks) {
    if (!GIT_HOOKS.includes(name)) error("E621", { name }, { place, suggestions: suggest(name, GIT_HOOKS) });
    for (const task of tasks) checkTask(task.name, task.place);
  }
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
    if (step.kind === "task") checkTask(step.task, step.place);
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
      : checkCondition(condition.source, {
          site: "task",
          matrix: new Map(),
          args: new Map(),
          upstream: new Set(),
        }).map((problem) => problemDiagnostic(problem, condition.place)),
  );

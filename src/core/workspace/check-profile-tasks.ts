import type { Diagnostic } from "#base/diagnostic";
import { suggest } from "#base/suggest";
import type { SourceFile } from "#core/config/config";
import type { Workspace } from "./workspace";

/**
 * Tasks that a profile would change and that nobody defines. Profiles of the root reach all packages, those of a package
 * its own tasks; a user's own are for many projects, and may name what this one has not.
 */
export function checkProfileTasks({ rootPackage, packages }: Workspace, found: Diagnostic[]): void {
  const all = (): ReadonlySet<string> =>
    new Set([...packages.values()].flatMap(({ config }) => [...config.tasks.keys()]));
  checkFiles(rootPackage.config.files, all, found);
  const ofRoot = new Set(rootPackage.config.files.map(({ path }) => path));
  for (const pkg of packages.values()) {
    if (pkg === rootPackage) continue;
    const files = pkg.config.files.filter(({ path }) => !ofRoot.has(path));
    checkFiles(files, () => new Set(pkg.config.tasks.keys()), found);
  }
}

/** @param tasksOf names of the tasks that the files may change; most files have no profiles, and need none. */
function checkFiles(
  files: readonly SourceFile[],
  tasksOf: () => ReadonlySet<string>,
  found: Diagnostic[],
): void {
  for (const { path: file, layer, namespace, document } of files) {
    if (layer === "user" || document.profiles === undefined) continue;
    const known = tasksOf();
    for (const [profile, { tasks }] of Object.entries(document.profiles))
      for (const name of Object.keys(tasks ?? {})) {
        if (known.has(name) || (namespace !== undefined && known.has(`${namespace}:${name}`))) continue;
        found.push({
          code: "E159",
          severity: "error",
          data: { profile, name },
          place: { file, path: ["profiles", profile, "tasks", name], target: "key" },
          suggestions: suggest(name, known),
        });
      }
  }
}

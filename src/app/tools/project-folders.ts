import { resolveFrom } from "#base/path";
import type { ProjectFolders } from "#core/config/discovery";
import type { EnvEntry, EnvSource } from "#core/model/environment";
import type { Plan, SharedEnvironment } from "#core/model/plan";
import type { Package, Workspace } from "#core/workspace/workspace";
import type { PlannedRun } from "#app/operations/plan-run";
import { foldersOfTool, UNMISTAKABLE_FOLDERS } from "#languages/project-folders";
import type { Host } from "#system/host";
import { isThereAtOnce } from "#system/fs/is-there-at-once";

/** The same run with what is installed in the packages themselves: programs of `.venv`, `node_modules` and the like. */
export function withProjectFolders(planned: PlannedRun, host: Host): PlannedRun {
  const { plan, workspace, hooks, workflow } = planned;
  const sources = new Map<string, EnvSource>();
  const folders = new Set([
    ...Object.keys(plan.environments),
    ...Object.keys(hooks?.environments ?? {}),
    ...Object.keys(workflow?.plan.plan.environments ?? {}),
  ]);
  for (const pkg of workspace.packages.values()) {
    const source = folders.has(pkg.dir) ? projectSource(pkg, workspace, host) : undefined;
    if (source !== undefined) sources.set(pkg.dir, source);
  }
  if (sources.size === 0) return planned;
  const environments = (
    all: Readonly<Record<string, SharedEnvironment>>,
  ): Readonly<Record<string, SharedEnvironment>> =>
    Object.fromEntries(
      Object.entries(all).map(([dir, shared]) => {
        const source = sources.get(dir);
        return [dir, source === undefined ? shared : { ...shared, sources: [source, ...shared.sources] }];
      }),
    );
  const equipped = (one: Plan): Plan => ({ ...one, environments: environments(one.environments) });
  return {
    ...planned,
    plan: equipped(plan),
    ...(hooks === undefined ? {} : { hooks: { ...hooks, environments: environments(hooks.environments) } }),
    ...(workflow === undefined
      ? {}
      : { workflow: { ...workflow, plan: { ...workflow.plan, plan: equipped(workflow.plan.plan) } } }),
  };
}

/**
 * The layer of variables that a package's own installations make; undefined where it has none. Those of the package go
 * over those of the workspace. An environment that zr was started in, such as an activated one of Python, is left alone.
 */
export function projectSource(
  pkg: Package,
  workspace: Pick<Workspace, "root" | "packages">,
  { env, os }: Host,
): EnvSource | undefined {
  const bin: string[] = [];
  const entries: EnvEntry[] = [];
  const text = (name: string, value: string, expand: boolean): void =>
    void entries.push({ name, value: { kind: "text", text: value, expand } });
  for (const folders of foldersOf(pkg, workspace)) {
    const names = Object.entries(folders.env);
    if (names.some(([name]) => (env[name] ?? "") !== "")) continue;
    let isNearest = true;
    for (const place of new Set([pkg.dir, workspace.root])) {
      const found = folders.bin.map((folder) => resolveFrom(place, folder)).filter(isThereAtOnce);
      if (found.length === 0) continue;
      bin.push(...found);
      if (isNearest) for (const [name, folder] of names) text(name, resolveFrom(place, folder), false);
      isNearest = false;
    }
  }
  if (bin.length > 0)
    text(
      "PATH",
      [...bin.map((folder) => folder.replaceAll("$", "$$$$")), "${PATH}"].join(os === "windows" ? ";" : ":"),
      true,
    );
  return entries.length === 0 ? undefined : { layer: "tools", entries };
}

/**
 * Of the languages of its manifests, and of those whose tools it asks for. Beside a configuration that is no workspace no
 * manifest has been looked for: there a folder counts that nothing but its language has.
 */
function foldersOf(
  { folders, config: { files } }: Package,
  { packages }: Pick<Workspace, "packages">,
): ReadonlySet<ProjectFolders> {
  const found = new Set(packages.size === 1 ? [...folders, ...UNMISTAKABLE_FOLDERS] : folders);
  for (const { document } of files)
    for (const name of Object.keys(document.tools ?? {})) {
      const ofTool = foldersOfTool(name.replace(/^core:/, ""));
      if (ofTool !== undefined) found.add(ofTool);
    }
  return found;
}

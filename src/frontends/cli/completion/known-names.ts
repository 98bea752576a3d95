import { loadNames } from "#app/load-names";
import type { LoadOptions } from "#app/load-workspace";
import { ownKey } from "#core/config/own-key";
import { declaredParameters } from "#core/plan/parameters";
import { parseReference, resolveReference } from "#core/workspace/references";
import { allWorkflows, findWorkflow } from "#core/workspace/workflows";
import type { Package, Workspace } from "#core/workspace/workspace";
import { nameOf } from "#frontends/cli/shorthand";
import type { Candidate, KnownNames, KnownParameter } from "./completion-source";

/**
 * The names of the workspace that a command line is written in; undefined where there is none, or a file of it is not
 * what it should be. Names that lead nowhere keep nobody from completing others.
 */
export async function loadKnownNames(options: LoadOptions): Promise<KnownNames | undefined> {
  const workspace = await loadNames(options);
  return workspace === undefined ? undefined : knownNames(workspace);
}

function knownNames(workspace: Workspace): KnownNames {
  const packages = [...workspace.packages.values()];
  const documents = packages.flatMap((pkg) => pkg.config.files.map((file) => file.document));
  const unique = (names: readonly string[]): string[] => [...new Set(names)];
  return {
    tasks: () => packages.flatMap((pkg) => tasksOf(workspace, pkg, false)),
    workflows: () =>
      allWorkflows(workspace).map(({ name, entry }) => ({
        value: name,
        description: entry.table.description ?? "",
      })),
    hiddenTasks: () => packages.flatMap((pkg) => tasksOf(workspace, pkg, true)),
    parameters: (task) => parametersOf(workspace, task),
    profiles: () => unique(documents.flatMap((document) => Object.keys(document.profiles ?? {}))),
    packages: () => packages.map((pkg) => pkg.name),
    tags: () =>
      unique(
        packages.flatMap((pkg) =>
          [...pkg.config.tasks.values()].flatMap((entry) => ownKey(entry, (table) => table.tags) ?? []),
        ),
      ),
    aliases: () =>
      workspace.current.config.files.flatMap((file) =>
        Object.entries(file.document.alias ?? {}).map(([value, expansion]) => ({
          value,
          description: `zr ${expansion}`,
        })),
      ),
    aliased: (name) => {
      const named = nameOf(name, { workspace, later: undefined, known: () => [] });
      return named.kind === "alias" ? named.words : undefined;
    },
    tools: () => unique(documents.flatMap((document) => Object.keys(document.tools ?? {}))),
    stages: (workflow) => stagesOf(workspace, workflow),
    runs: async () => (await import("./known-runs")).knownRuns(workspace),
  };
}

function stagesOf(workspace: Workspace, workflow: string): string[] {
  const { stages = [] } = findWorkflow(workspace, workflow)?.entry.table ?? {};
  return stages.map(({ name }, index) => name ?? `stage-${index + 1}`);
}

/** Tasks under the names by which they are reached from the current folder. Patterns are no names. */
function tasksOf(workspace: Workspace, pkg: Package, hidden: boolean): Candidate[] {
  const prefix = pkg === workspace.current ? "" : pkg === workspace.rootPackage ? "//:" : `${pkg.name}:`;
  const found: Candidate[] = [];
  for (const [name, entry] of pkg.config.tasks) {
    const isHidden = ownKey(entry, (table) => table.hidden) ?? name.startsWith("_");
    if (isHidden === hidden && !name.includes("*"))
      found.push({ value: prefix + name, description: ownKey(entry, (table) => table.description) ?? "" });
  }
  return found;
}

function parametersOf(workspace: Workspace, task: string): KnownParameter[] {
  const { name } = parseReference(task);
  const [target] = resolveReference(workspace, { pkg: workspace.current }, name);
  if (target === undefined) return [];
  return declaredParameters(target.pkg.resolve(target.entry).table).map((parameter) => ({
    name: parameter.name,
    description: parameter.description ?? "",
    choices: parameter.choices ?? (parameter.type === "boolean" ? ["true", "false"] : []),
    isFlag: parameter.type === "boolean",
    isVariadic: parameter.variadic === true,
  }));
}

import { basename } from "#base/path";
import type { Workspace } from "#core/workspace/workspace";
import { readText } from "#system/fs/read-text";
import type { Host } from "#system/host";
import { compact } from "#app/catalogue/answer-parts";
import { listTasks, listWorkflows } from "#app/operations/list";
import { codeOwners } from "./code-owners";
import type { OwnersOf } from "./code-owners";
import { entryDocuments } from "./entry-documents";
import { recentChanges } from "./recent-changes";
import type { ContextTask, RepositoryContext } from "./repository-context";

export interface DescriptionOptions {
  readonly host: Host;
  /** Names of packages: only these and what they depend on; all where there are none. */
  readonly scope: readonly string[];
}

/** A file at the root that no rule names. */
const ROOT_FILE = "(any)";
const OWNER_FILES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/** Packages and their edges, tasks, owners, recent changes, tools and documents of a workspace. */
export async function describeRepository(
  workspace: Workspace,
  { host, scope }: DescriptionOptions,
): Promise<RepositoryContext> {
  const { root, rootPackage } = workspace;
  const names = scope.length === 0 ? undefined : withDependencies(workspace, scope);
  const [changes, owners, documents] = await Promise.all([
    recentChanges(workspace, host.env),
    ownersIn(root),
    entryDocuments(root),
  ]);
  const packages = [...workspace.packages.values()].filter(({ name }) => names?.has(name) ?? true);
  const filter = { tags: [], all: false, ...(names === undefined ? {} : { packages: names }) };
  return {
    v: 1,
    name: rootPackage.name,
    documents,
    tools: toolsOf(workspace),
    packages: packages.map(({ name, path, version, manifests, tags, deps }) => ({
      name,
      path,
      ...compact({
        version,
        manifests: manifests.map((file) => basename(file)),
        tags,
        deps,
        owners: owners(path === "." ? ROOT_FILE : path),
        changes: changes.get(name) ?? [],
      }),
    })),
    tasks: listTasks(workspace, filter).map(({ name, description, parameters, deps }): ContextTask => ({
      name,
      ...compact({
        description,
        params: parameters.map((parameter) => `${parameter.name}${parameter.required ? "!" : ""}`),
        deps,
      }),
    })),
    workflows: listWorkflows(workspace, filter).map(({ name, description, stages }) => ({
      name,
      ...compact({ description }),
      stages,
    })),
    omitted: [],
  };
}

function withDependencies({ packages }: Workspace, scope: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  const open = [...scope];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (names.has(name)) continue;
    names.add(name);
    open.push(...(packages.get(name)?.deps ?? []));
  }
  return names;
}

async function ownersIn(root: string): Promise<OwnersOf> {
  for (const file of OWNER_FILES) {
    const read = await readText(`${root}/${file}`);
    if (read.kind === "text") return codeOwners(read.text);
  }
  return () => [];
}

/** `[tools]`, by name, in the order of the names. */
function toolsOf({ current }: Workspace): Readonly<Record<string, string>> {
  const tools: Record<string, string> = {};
  for (const { document } of current.config.files)
    for (const [name, tool] of Object.entries(document.tools ?? {}))
      tools[name] = typeof tool === "string" ? tool : (tool.version ?? "any");
  return Object.fromEntries(Object.entries(tools).sort(([a], [b]) => (a < b ? -1 : 1)));
}

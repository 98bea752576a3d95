import { resolveFrom } from "#base/path";
import type { KeyPath } from "#base/diagnostic";
import type { FolderFiles } from "./folder-view";
import type {
  DeclaredDependency,
  InferredTask,
  LanguageProvider,
  ManifestPackage,
  MemberList,
} from "./language-provider";
import { isTable, tableAt, textAt, textsAt, valueAt } from "#base/value-at";
import type { Table } from "#base/value-at";
import { normalName } from "./python-names";
import { onceAFolder } from "./once-a-folder";
import { PYTHON_FOLDERS } from "./project-folders";

const MANIFEST = "pyproject.toml";

/** Projects of uv, Poetry and PDM. */
export const python: LanguageProvider = {
  name: "python",
  displayName: "Python",
  manifests: [MANIFEST],
  marks: ["uv.lock", "poetry.lock", "pdm.lock", "pytest.ini", "tox.ini"],
  foreignFolders: [".venv", "venv", ".tox", "site-packages"],
  folders: PYTHON_FOLDERS,
  members,
  describe,
  starter: async () => (await import("./python-starter")).pythonStarter,
  toolchain: async () => (await import("./python-toolchain")).pythonToolchain,
  project: async () => (await import("./python-project")).pythonProject,
};

/** What a uv workspace lists, and the folders that dependencies come from. */
function members(folder: FolderFiles, root: FolderFiles): MemberList {
  const workspace = folder === root ? tableAt(root.value(MANIFEST), "tool", "uv", "workspace") : {};
  const paths = declared(folder, root).flatMap(({ on }) => ("dir" in on ? [on.dir] : []));
  return {
    folders: [
      ...textsAt(workspace, "members"),
      ...paths,
      ...textsAt(workspace, "exclude").map((path) => `!${path}`),
    ],
  };
}

function describe(folder: FolderFiles, root: FolderFiles): ManifestPackage | undefined {
  if (!folder.names.has(MANIFEST)) return undefined;
  const manifest = folder.value(MANIFEST);
  const file = `${folder.dir}/${MANIFEST}`;
  const section = textAt(manifest, "project", "name") === undefined ? ["tool", "poetry"] : ["project"];
  const name = textAt(manifest, ...section, "name");
  const version = textAt(manifest, ...section, "version");
  return {
    manifest: file,
    ...(name === undefined ? {} : { name, ids: [normalName(name)] }),
    ...(version === undefined ? {} : { version }),
    namePlace: { file, path: [...section, "name"] },
    dependencies: declared(folder, root),
    tasks: tasksOf(folder, root),
  };
}

/** All dependencies that may lie in the repository. */
function declared(folder: FolderFiles, root: FolderFiles): readonly DeclaredDependency[] {
  const manifest = folder.value(MANIFEST);
  const file = `${folder.dir}/${MANIFEST}`;
  const requirements = requirementsOf(manifest, { folder, file, root });
  return [...requirements, ...poetryPaths(manifest, folder.dir, file)];
}

interface Site {
  readonly folder: FolderFiles;
  readonly root: FolderFiles;
  readonly file: string;
}

/** Lists of PEP 508 texts: of the project, of its extras, of its groups (PEP 735) and of the tools' own. */
function requirementsOf(manifest: Table, site: Site): readonly DeclaredDependency[] {
  const lists: (readonly [string, KeyPath, unknown])[] = [
    ["dependencies", ["project", "dependencies"], valueAt(manifest, "project", "dependencies")],
    [
      "dev-dependencies",
      ["tool", "uv", "dev-dependencies"],
      valueAt(manifest, "tool", "uv", "dev-dependencies"),
    ],
    ["build-system", ["build-system", "requires"], valueAt(manifest, "build-system", "requires")],
  ];
  const tables: readonly (readonly [string, readonly string[]])[] = [
    ["optional-dependencies", ["project", "optional-dependencies"]],
    ["dependency-groups", ["dependency-groups"]],
    ["dev-dependencies", ["tool", "pdm", "dev-dependencies"]],
  ];
  for (const [kind, path] of tables)
    for (const [group, list] of Object.entries(tableAt(manifest, ...path)))
      lists.push([kind, [...path, group], list]);
  return lists.flatMap(([kind, path, list]) =>
    Array.isArray(list)
      ? list.flatMap((text: unknown, index) =>
          typeof text === "string" ? requirement(text, { kind, path: [...path, index] }, site) : [],
        )
      : [],
  );
}

/** A requirement is of the repository where `[tool.uv.sources]` says so or where it names a folder itself. */
function requirement(
  text: string,
  { kind, path }: { readonly kind: string; readonly path: KeyPath },
  { folder, root, file }: Site,
): readonly DeclaredDependency[] {
  const place = { file, path };
  const address = /(?:@\s*|^-e\s+)(?:file:\/\/)?(?:\/?\$\{PROJECT_ROOT\}\/)?([^\s#;]+)/.exec(text)?.[1];
  if (address !== undefined && !/^[a-z+]+:/.test(address))
    return [{ on: { dir: resolveFrom(folder.dir, address) }, kind, place }];
  const name = normalName(/^[A-Za-z0-9._-]+/.exec(text)?.[0] ?? "");
  const own = sourcesOf(folder).get(name);
  const base = own === undefined ? root.dir : folder.dir;
  return (own ?? sourcesOf(root).get(name) ?? []).flatMap((source): DeclaredDependency[] => {
    const dir = textAt(source, "path");
    if (dir !== undefined) return [{ on: { dir: resolveFrom(base, dir) }, kind, place }];
    return valueAt(source, "workspace") === true ? [{ on: { name }, kind, place }] : [];
  });
}

/** The entries of `[tool.uv.sources]` by normalized name: one or, by marker, several. */
const sourcesOf = onceAFolder((folder): ReadonlyMap<string, readonly unknown[]> => {
  const entries = Object.entries(tableAt(folder.value(MANIFEST), "tool", "uv", "sources"));
  return new Map(entries.map(([key, value]) => [normalName(key), oneOrMore(value)]));
});

const oneOrMore = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** `lib = { path = "../lib" }` in the tables of Poetry. */
function poetryPaths(manifest: Table, dir: string, file: string): readonly DeclaredDependency[] {
  const poetry = tableAt(manifest, "tool", "poetry");
  const tables: (readonly [string, KeyPath, Table])[] = ["dependencies", "dev-dependencies"].map((kind) => [
    kind,
    ["tool", "poetry", kind],
    tableAt(poetry, kind),
  ]);
  for (const group of Object.keys(tableAt(poetry, "group")))
    tables.push([
      `group.${group}`,
      ["tool", "poetry", "group", group, "dependencies"],
      tableAt(poetry, "group", group, "dependencies"),
    ]);
  return tables.flatMap(([kind, path, table]) =>
    Object.entries(table).flatMap(([name, value]): DeclaredDependency[] => {
      const targets = oneOrMore(value).flatMap((one) => textAt(one, "path") ?? []);
      return targets.map((target) => ({
        on: { dir: resolveFrom(dir, target) },
        kind,
        place: { file, path: [...path, name] },
      }));
    }),
  );
}

/** How commands are run inside a project's environment. */
function runnerOf(manifest: Table, { names }: FolderFiles, root: FolderFiles): readonly string[] {
  const has = (tool: string): boolean =>
    isTable(valueAt(manifest, "tool", tool)) ||
    names.has(`${tool}.lock`) ||
    (root.names.has(`${tool}.lock`) && !["uv", "poetry", "pdm"].some((other) => names.has(`${other}.lock`)));
  const tool = ["uv", "poetry", "pdm"].find(has);
  return tool === undefined ? [] : [tool, "run"];
}

function tasksOf(folder: FolderFiles, root: FolderFiles): readonly InferredTask[] {
  const manifest = folder.value(MANIFEST);
  const file = `${folder.dir}/${MANIFEST}`;
  const runner = runnerOf(manifest, folder, root);
  const [tool] = runner;
  const uses = (name: string): boolean =>
    isTable(valueAt(manifest, "tool", name)) || requires(manifest, name);
  const task = (name: string, description: string, cmd: readonly string[]): InferredTask => ({
    name,
    table: { description, cmd: [...cmd] },
    place: { file },
  });
  const inside = (...words: readonly string[]): readonly string[] => [...runner, ...words];
  const hasTests = uses("pytest") || folder.names.has("pytest.ini");
  return [
    ...(hasTests
      ? [task("test", "Run the tests", tool === undefined ? ["python3", "-m", "pytest"] : inside("pytest"))]
      : []),
    ...(uses("ruff")
      ? [
          task("lint", "Lint the code", inside("ruff", "check", ".")),
          task("format", "Format the code", inside("ruff", "format", ".")),
        ]
      : []),
    ...(uses("mypy") ? [task("typecheck", "Check the types", inside("mypy", "."))] : []),
    ...(isTable(valueAt(manifest, "build-system"))
      ? [
          task(
            "build",
            "Build the distributions",
            tool === undefined ? ["python3", "-m", "build"] : [tool, "build"],
          ),
        ]
      : []),
  ];
}

/** Whether a tool is among the dependencies, of whatever kind. */
function requires(manifest: Table, tool: string): boolean {
  const groups = [
    valueAt(manifest, "project", "dependencies"),
    valueAt(manifest, "tool", "uv", "dev-dependencies"),
    ...Object.values(tableAt(manifest, "project", "optional-dependencies")),
    ...Object.values(tableAt(manifest, "dependency-groups")),
    ...Object.values(tableAt(manifest, "tool", "pdm", "dev-dependencies")),
  ];
  const isNamed = (text: unknown): boolean =>
    typeof text === "string" && normalName(/^[A-Za-z0-9._-]+/.exec(text)?.[0] ?? "") === tool;
  const poetry = tableAt(manifest, "tool", "poetry");
  return (
    groups.some((list) => Array.isArray(list) && list.some(isNamed)) ||
    [poetry, ...Object.values(tableAt(poetry, "group"))].some(
      (table) =>
        valueAt(table, "dependencies", tool) !== undefined ||
        valueAt(table, "dev-dependencies", tool) !== undefined,
    )
  );
}

import { resolveFrom } from "#base/path";
import type { FolderFiles } from "./folder-view";
import type {
  DeclaredDependency,
  InferredTask,
  LanguageProvider,
  ManifestPackage,
  MemberList,
} from "./language-provider";
import { onceAFolder } from "./once-a-folder";
import { isTable, tableAt, textAt, textsAt, valueAt } from "#base/value-at";
import type { Table } from "#base/value-at";

const MANIFEST = "Cargo.toml";
/** The last two are of editions before 2024. */
const DEPENDENCY_KINDS = [
  "dependencies",
  "dev-dependencies",
  "build-dependencies",
  "dev_dependencies",
  "build_dependencies",
] as const;

/** Crates of a Cargo workspace. */
export const rust: LanguageProvider = {
  name: "rust",
  displayName: "Rust",
  manifests: [MANIFEST],
  foreignFolders: ["target"],
  members,
  describe,
  starter: async () => (await import("./rust-starter")).rustStarter,
  toolchain: async () => (await import("./rust-toolchain")).rustToolchain,
  project: async () => (await import("./rust-project")).rustProject,
};

/** What `[workspace]` lists, and every crate that a member names by path: Cargo takes those in by itself. */
function members(folder: FolderFiles, root: FolderFiles): MemberList {
  const listed = folder === root ? textsAt(folder.value(MANIFEST), "workspace", "members") : [];
  const excluded = folder === root ? textsAt(folder.value(MANIFEST), "workspace", "exclude") : [];
  const isMember = isTable(valueAt(root.value(MANIFEST), "workspace"));
  const byPath = isMember
    ? declared(folder, root).flatMap(({ dir, isPatch }) => (dir === undefined || isPatch ? [] : dir))
    : [];
  return { folders: [...listed, ...byPath, ...excluded.flatMap((path) => exclusions(path, listed))] };
}

/** What is excluded is so with all below it, unless a member is named there, not by a glob. */
function exclusions(excluded: string, listed: readonly string[]): readonly string[] {
  const path = excluded.replace(/\/+$/, "");
  return listed.some((member) => member.startsWith(`${path}/`) && !/[*?[]/.test(member))
    ? [`!${path}`]
    : [`!${path}`, `!${path}/**`];
}

function describe(folder: FolderFiles, root: FolderFiles): ManifestPackage | undefined {
  const manifest = folder.value(MANIFEST);
  const file = `${folder.dir}/${MANIFEST}`;
  const name = textAt(manifest, "package", "name");
  // A root that only lists its members is no crate, but its tasks are those of all of them.
  if (!folder.names.has(MANIFEST) || (name === undefined && folder !== root)) return undefined;
  const version =
    textAt(manifest, "package", "version") ??
    (valueAt(manifest, "package", "version", "workspace") === true
      ? textAt(root.value(MANIFEST), "workspace", "package", "version")
      : undefined);
  return {
    manifest: file,
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    namePlace: { file, path: ["package", "name"] },
    dependencies: declared(folder, root).flatMap(({ dir, path, kind }): DeclaredDependency[] =>
      dir === undefined ? [] : [{ on: { dir }, kind, place: { file, path } }],
    ),
    tasks: TASKS.map(([task, description, cmd]): InferredTask => ({
      name: task,
      table: { description, cmd: [...cmd] },
      place: { file },
    })),
  };
}

const TASKS: readonly (readonly [string, string, readonly string[]])[] = [
  ["build", "Compile the crate", ["cargo", "build"]],
  ["check", "Check the crate without making a program", ["cargo", "check", "--all-targets"]],
  ["test", "Run the tests", ["cargo", "test"]],
  ["clippy", "Lint the code", ["cargo", "clippy", "--all-targets"]],
  ["fmt", "Format the code", ["cargo", "fmt"]],
];

interface CrateDependency {
  /** Folder of the crate; undefined where it comes from a registry. */
  readonly dir: string | undefined;
  /** Whether only `[patch]` of the root leads there: that makes no member of it. */
  readonly isPatch: boolean;
  readonly kind: string;
  readonly path: readonly string[];
}

/** All dependencies of a crate, those of single targets included. */
function declared(folder: FolderFiles, root: FolderFiles): readonly CrateDependency[] {
  const manifest = folder.value(MANIFEST);
  const shared = tableAt(root.value(MANIFEST), "workspace", "dependencies");
  const tables: (readonly [Table, readonly string[]])[] = [
    [manifest, []],
    ...Object.entries(tableAt(manifest, "target")).flatMap(([target, table]) =>
      isTable(table) ? [[table, ["target", target]] as const] : [],
    ),
  ];
  return tables.flatMap(([table, way]) =>
    DEPENDENCY_KINDS.flatMap((kind) =>
      Object.entries(tableAt(table, kind)).map(([name, value]): CrateDependency => {
        const inherited = valueAt(value, "workspace") === true ? valueAt(shared, name) : undefined;
        const own = folderAt(value, folder) ?? folderAt(inherited, root);
        const crate = textAt(value, "package") ?? textAt(inherited, "package") ?? name;
        const dir = own ?? patches(root).get(crate);
        return {
          dir,
          isPatch: own === undefined,
          kind: kind.replace("_", "-"),
          path: [...way, kind, name],
        };
      }),
    ),
  );
}

/** The folder that a dependency names; an empty path is the folder of the manifest. */
function folderAt(value: unknown, { dir }: FolderFiles): string | undefined {
  const path = valueAt(value, "path");
  return typeof path === "string" ? resolveFrom(dir, path) : undefined;
}

/** The folders that stand for crates of registries and repositories, by the names of the crates. */
const patches = onceAFolder((root): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  for (const table of Object.values(tableAt(root.value(MANIFEST), "patch")))
    for (const [name, value] of isTable(table) ? Object.entries(table) : []) {
      const dir = folderAt(value, root);
      if (dir !== undefined) found.set(textAt(value, "package") ?? name, dir);
    }
  return found;
});

import { resolveFrom } from "#base/path";
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

const MANIFEST = "Cargo.toml";
const DEPENDENCY_KINDS = ["dependencies", "dev-dependencies", "build-dependencies"] as const;

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
  const byPath = isMember ? declared(folder, root).flatMap(({ dir }) => dir ?? []) : [];
  return { folders: [...listed, ...byPath, ...excluded.map((path) => `!${path}`)] };
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
        const own = textAt(value, "path");
        const inherited =
          valueAt(value, "workspace") === true ? textAt(tableAt(shared, name), "path") : undefined;
        const dir =
          own === undefined
            ? inherited === undefined
              ? undefined
              : resolveFrom(root.dir, inherited)
            : resolveFrom(folder.dir, own);
        return { dir, kind, path: [...way, kind, name] };
      }),
    ),
  );
}

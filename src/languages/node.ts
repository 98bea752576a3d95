import { manifestHead } from "./manifest-head";
import { resolveFrom } from "#base/path";
import { formatProblem } from "#core/config/formats";
import type { FolderFiles } from "./folder-view";
import type {
  DeclaredDependency,
  InferredTask,
  LanguageProvider,
  ManifestPackage,
  MemberList,
} from "./language-provider";
import { LOCK_FILES, type PackageManager } from "#core/model/package-manager";
import { managerOf } from "./node-manager";
import { tableAt, textAt, textsAt, valueAt } from "#base/value-at";
import { NODE_FOLDERS } from "./project-folders";

const MANIFEST = "package.json";
const PNPM_WORKSPACE = "pnpm-workspace.yaml";

const DEPENDENCY_KINDS = [
  "dependencies",
  "devDependencies",
  "peerDependencies",
  "optionalDependencies",
] as const;

/** Packages of npm, pnpm, Yarn and Bun. */
export const node: LanguageProvider = {
  name: "node",
  displayName: "Node.js",
  manifests: [MANIFEST],
  rootManifests: [PNPM_WORKSPACE],
  marks: LOCK_FILES.map(([file]) => file),
  foreignFolders: ["node_modules", "bower_components"],
  folders: NODE_FOLDERS,
  members,
  describe,
  starter: async () => (await import("./node-starter")).nodeStarter,
  toolchain: async () => (await import("./node-toolchain")).nodeToolchain,
  project: async () => (await import("./node-project")).nodeProject,
};

/** Only the root's lists count, as for the package managers themselves. */
function members(folder: FolderFiles, root: FolderFiles): MemberList {
  if (folder !== root) return { folders: [] };
  const listed = valueAt(root.value(MANIFEST), "workspaces");
  const own = Array.isArray(listed)
    ? textsAt(root.value(MANIFEST), "workspaces")
    : textsAt(root.value(MANIFEST), "workspaces", "packages");
  return { folders: [...own, ...textsAt(root.value(PNPM_WORKSPACE), "packages")] };
}

function describe(folder: FolderFiles, root: FolderFiles): ManifestPackage | undefined {
  if (!folder.names.has(MANIFEST)) return undefined;
  const manifest = folder.value(MANIFEST);
  const file = `${folder.dir}/${MANIFEST}`;
  return {
    ...manifestHead(file, manifest),
    dependencies: DEPENDENCY_KINDS.flatMap((kind) =>
      Object.entries(tableAt(manifest, kind)).flatMap(([wanted, range]) =>
        typeof range === "string" ? (dependency(wanted, range, { folder, file, kind }) ?? []) : [],
      ),
    ),
    tasks: scripts(manifest, {
      file,
      manager: managerOf(root),
      hasHooks: runsHooks(root),
      isRoot: folder === root,
    }),
  };
}

interface DependencySite {
  readonly folder: FolderFiles;
  readonly file: string;
  readonly kind: string;
}

/**
 * The package of the repository that a dependency may mean. `workspace:`, `file:`, `link:` and `portal:` mean one for
 * sure; a range means it where the member's version lies in it; what names another source means none.
 */
function dependency(
  wanted: string,
  range: string,
  { folder, file, kind }: DependencySite,
): DeclaredDependency | undefined {
  const place = { file, path: [kind, wanted] };
  // By far the most: a range. With a slash it is the shorthand of a repository.
  if (!range.includes(":"))
    return range.includes("/")
      ? undefined
      : { on: { name: wanted, accepts: rangeCheck(range) }, kind, place };
  const local = /^(?:file|link|portal):(.+)$/.exec(range)?.[1];
  if (local !== undefined) return { on: { dir: resolveFrom(folder.dir, local) }, kind, place };
  const workspace = /^workspace:(.*)$/.exec(range)?.[1];
  if (workspace !== undefined) {
    if (/^\.{1,2}\//.test(workspace)) return { on: { dir: resolveFrom(folder.dir, workspace) }, kind, place };
    // `workspace:other@^1` gives a member another name.
    return { on: { name: /^(@?[^@]+)@/.exec(workspace)?.[1] ?? wanted }, kind, place };
  }
  const alias = /^npm:(@?[^@]+)(?:@(.*))?$/.exec(range);
  if (alias !== null)
    return { on: { name: alias[1] ?? wanted, accepts: rangeCheck(alias[2] ?? "*") }, kind, place };
  // Anything else is an address.
  return range.startsWith("catalog:") ? { on: { name: wanted }, kind, place } : undefined;
}

/** A member without a version is taken for every range. */
const rangeCheck =
  (range: string) =>
  (version: string | undefined): boolean => {
    const text = range.trim();
    if (version === undefined || text === "" || text === "*" || text === "latest") return true;
    return Bun.semver.satisfies(version, text);
  };

/** The words that run a script; what is added at the end goes to the script. */
const runScript: Readonly<Record<PackageManager, (script: string) => readonly string[]>> = {
  npm: (script) => ["npm", "run", "--silent", script, "--"],
  pnpm: (script) => ["pnpm", "--silent", "run", script],
  yarn: (script) => ["yarn", "run", script],
  bun: (script) => ["bun", "run", "--silent", script],
};

/** Yarn runs no scripts around others from version 2 on (yarnpkg.com, "Lifecycle scripts"). */
const runsHooks = (root: FolderFiles): boolean =>
  !/^yarn@(?:[2-9]|[1-9]\d)/.test(textAt(root.value(MANIFEST), "packageManager") ?? "");

function scripts(
  manifest: Readonly<Record<string, unknown>>,
  {
    file,
    manager,
    hasHooks,
    isRoot,
  }: {
    readonly file: string;
    readonly manager: PackageManager;
    readonly hasHooks: boolean;
    readonly isRoot: boolean;
  },
): readonly InferredTask[] {
  const declared = tableAt(manifest, "scripts");
  return Object.keys(declared).flatMap((script): InferredTask[] => {
    const text = declared[script];
    if (typeof text !== "string" || formatProblem("task-name", script) !== undefined) return [];
    // The package manager runs `prebuild` and `postbuild` around `build` by itself.
    const around = hasHooks ? /^(?:pre|post)(.+)$/.exec(script)?.[1] : undefined;
    if (around !== undefined && Object.hasOwn(declared, around)) return [];
    // A script that calls zr would call itself.
    if (/^\s*(?:(?:npx|bunx|pnpm exec|yarn)\s+)?zr\s/.test(text)) return [];
    return [
      {
        name: script,
        table: {
          description: text,
          cmd: [...runScript[manager](script)],
          // What is needed here is made there first, as the scripts of one package know nothing of the others. The
          // root's often build all of them by themselves.
          ...(script === "build" && !isRoot ? { deps: ["^build"] } : {}),
        },
        place: { file, path: ["scripts", script] },
      },
    ];
  });
}

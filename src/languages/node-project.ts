import type { FolderFiles } from "./folder-view";
import type { FoundImport, ImportTarget, InstallCommand, LanguageProject } from "./language-project";
import { jsonTextSpan } from "./manifest-version";
import { textAt } from "#base/value-at";
import { managerOf } from "./node-manager";
import { lockFilesOf, type PackageManager } from "#core/model/package-manager";
import { nodeToolchain } from "./node-toolchain";
import { C_GRAMMAR, fileTarget, packageTarget, scanImports } from "./scan-imports";
import type { ImportForm } from "./scan-imports";

const MANIFEST = "package.json";
const YARN_SETTINGS = ".yarnrc.yml";

/** Projects of npm, pnpm and Yarn, whatever compiles their sources. */
export const nodeProject: LanguageProject = {
  inputs: ["$default"],
  outputs: ["dist/**"],
  versionFiles: nodeToolchain.versionFiles ?? [],
  toolNames: ["nodejs", "node"],
  looksFor: [YARN_SETTINGS],
  install,
  versionIn: (name, text) => (name === MANIFEST ? jsonTextSpan(text, ["version"]) : undefined),
  imports: {
    files: ["**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}"],
    scan: (text) => scanScript(text, meaningOf),
  },
};

/** Members are installed with their root. What a lock file says is installed as it is; without one it is made. */
function install(folder: FolderFiles, root: FolderFiles): InstallCommand | undefined {
  const place = root.names.has(MANIFEST) && isMember(folder, root) ? root : folder;
  if (!place.names.has(MANIFEST)) return undefined;
  const manager = managerOf(place);
  const locks = lockFilesOf(manager).filter((name) => place.names.has(name));
  return {
    cmds: [[manager, ...installWords(manager, place, locks.length > 0)]],
    cwd: place.dir,
    reads: [MANIFEST, ...locks],
    makes: hasDependencies(place) ? ["node_modules"] : [],
  };
}

/** Where nothing is asked for, nothing is left behind. */
const hasDependencies = (place: FolderFiles): boolean =>
  place.names.has("pnpm-workspace.yaml") ||
  ["dependencies", "devDependencies", "optionalDependencies", "workspaces"].some((key) =>
    Object.hasOwn(place.value(MANIFEST), key),
  );

/** Whether the root has a list of members, which then are installed with it. */
const isMember = (folder: FolderFiles, root: FolderFiles): boolean =>
  folder !== root &&
  (root.names.has("pnpm-workspace.yaml") || Object.hasOwn(root.value(MANIFEST), "workspaces"));

function installWords(manager: PackageManager, place: FolderFiles, isLocked: boolean): readonly string[] {
  if (manager === "npm") return [isLocked ? "ci" : "install"];
  if (!isLocked) return ["install"];
  // Yarn has another word for it from version 2 on (yarnpkg.com, "yarn install").
  const declared = /^yarn@(\d+)/.exec(textAt(place.value(MANIFEST), "packageManager") ?? "")?.[1];
  const isModern = declared === undefined ? place.names.has(YARN_SETTINGS) : Number(declared) > 1;
  return ["install", manager === "yarn" && isModern ? "--immutable" : "--frozen-lockfile"];
}

const GRAMMAR = { ...C_GRAMMAR, longQuotes: ["`"] };

/** Imports and exports of other modules, `import()` and `require()`, with a text written out. */
const FORMS: readonly RegExp[] = [
  /\bfrom\s{0,99}["']([ ]+)["']/dg,
  /(?<![\w$.])import\s{0,99}["']([ ]+)["']/dg,
  /(?<![\w$.])(?:import|require)\s{0,99}\(\s{0,99}["']([ ]+)["']/dg,
];

/** The imports of a script, each meaning what is said. */
export function scanScript(
  text: string,
  target: (specifier: string) => ImportTarget | undefined,
): readonly FoundImport[] {
  return scanImports(
    text,
    GRAMMAR,
    FORMS.map((pattern): ImportForm => ({ pattern, target })),
  );
}

function meaningOf(specifier: string): ImportTarget | undefined {
  if (/^\.{1,2}(?:\/|$)/.test(specifier)) return fileTarget(specifier);
  // `node:fs`, `https://…` and names of the package's own (`#lib/x`).
  if (/^[a-z]+:|^[#/]/.test(specifier)) return undefined;
  return packageTarget(packageNameOf(specifier));
}

/** `@scope/name/deep/file` is of `@scope/name`. */
export const packageNameOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

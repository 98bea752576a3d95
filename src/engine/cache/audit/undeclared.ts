import { CONFIG_NAMES } from "#core/config/config-names";
import { dirname, isInside, relativeTo, resolveFrom } from "#base/path";
import { OWN_FILES } from "#core/model/cache";
import type { CacheRule } from "#core/model/cache";
import { patternsOf } from "#engine/cache/input-files";
import { isMeant } from "#core/watch/watch-pattern";
import type { WatchPattern } from "#core/watch/watch-pattern";
import { fileEntry } from "#system/fs/file-entry";
import type { TouchedFiles } from "./touched-files";

/** What a task touches without saying so. Names as in `inputs` and `outputs`, sorted. */
export interface Undeclared {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Names of variables. */
  readonly env: readonly string[];
}

/** What a task declares, worked out. */
export interface Declared {
  readonly root: string;
  readonly packageDir: string;
  readonly rule: CacheRule;
  /** Absolute paths that its key goes by. */
  readonly inputs: ReadonlySet<string>;
  /** What comes from before it, which its key has otherwise. */
  readonly upstreamOutputs: readonly WatchPattern[];
}

/** Folders that hold what was installed, or what tools keep for themselves: nothing there is an input of one task. */
const FOREIGN = new Set(
  "node_modules .git .hg .svn .jj .zr .venv venv __pycache__ .yarn .pnp.cjs .pnpm-store".split(" "),
);

export interface AuditedPlace {
  readonly root: string;
  /** The same folder as the system calls it, where `root` leads through links. */
  readonly realRoot: string;
  /** Folders of zr's own. */
  readonly ownFolders: readonly string[];
}

/** Gives a path from `root` on where it is one that a task has to declare. */
export const auditedPath =
  ({ root, realRoot, ownFolders }: AuditedPlace) =>
  (given: string): string | undefined => {
    const path = isInside(realRoot, given) ? resolveFrom(root, relativeTo(realRoot, given)) : given;
    if (path === root || !isInside(root, path)) return undefined;
    const isForeign = relativeTo(root, path)
      .split("/")
      .some((part) => FOREIGN.has(part));
    return isForeign || ownFolders.some((folder) => isInside(folder, path)) ? undefined : path;
  };

/** Whether there is a file at a path now. */
export function isFile(path: string): boolean {
  const kind = fileEntry(path)?.kind;
  return kind === "file" || kind === "symlink";
}

/** The files that were touched without being declared. What has gone again by now was nobody's business. */
export function undeclaredFiles(
  touched: TouchedFiles,
  declared: Declared,
): Pick<Undeclared, "reads" | "writes"> {
  const { root, packageDir, rule, inputs, upstreamOutputs } = declared;
  const outputs = patternsOf(rule.depfile === undefined ? rule.outputs : [...rule.outputs, rule.depfile], {
    root,
    dir: packageDir,
  });
  const nameOf = (path: string): string =>
    isInside(packageDir, path) ? relativeTo(packageDir, path) : `//${relativeTo(root, path)}`;
  const reads = [...touched.reads].filter(
    (path) =>
      !inputs.has(path) &&
      // What is said of tasks there is in their keys as far as it concerns them.
      !CONFIG_NAMES.includes(path.slice(path.lastIndexOf("/") + 1)) &&
      !isMeant(outputs, path) &&
      !upstreamOutputs.some((pattern) => !pattern.excludes && pattern.matches(path)) &&
      isFile(path),
  );
  const writes = [...touched.writes].filter((path) => !isMeant(outputs, path) && isFile(path));
  return { reads: reads.map(nameOf).toSorted(), writes: writes.map(nameOf).toSorted() };
}

/** Of so many files in one folder, the folder is named. */
const MOST_NAMED = 4;

/** Globs that mean these names: the names themselves, or all files of a folder that many of them lie in. */
function globsFor(names: readonly string[]): readonly string[] {
  const folders = new Map<string, string[]>();
  for (const name of names) {
    const folder = name.includes("/") ? dirname(name) : "";
    const inside = folders.get(folder);
    if (inside === undefined) folders.set(folder, [name]);
    else inside.push(name);
  }
  return [...folders].flatMap(([folder, inside]) =>
    folder === "" || folder === "/" || inside.length <= MOST_NAMED
      ? inside.map(literal)
      : [`${literal(folder)}/*`],
  );
}

/** A glob that means a name by itself. */
const literal = (name: string): string => name.replaceAll(/[*?[\]{}()!\\]/g, "\\$&");

/** The lines that declare what a task has not declared, by key of its table. */
export function linesToAdd({ rule }: Pick<Declared, "rule">, found: Undeclared): readonly string[] {
  const line = (key: string, before: readonly string[], names: readonly string[]): string =>
    `${key} = [${[...before, ...names].map((text) => tomlText(text)).join(", ")}]`;
  return [
    ...(found.reads.length === 0 ? [] : [line("inputs", rule.inputs ?? [OWN_FILES], globsFor(found.reads))]),
    ...(found.writes.length === 0 ? [] : [line("outputs", rule.outputs, globsFor(found.writes))]),
    ...(found.env.length === 0 ? [] : [line("env_inputs", rule.envInputs, found.env)]),
  ];
}

/** The escapes of JSON are those of TOML, but for one character. */
const tomlText = (text: string): string => JSON.stringify(text).replaceAll("\u007f", "\\u007F");

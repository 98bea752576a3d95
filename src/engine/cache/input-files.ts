import { isInside, relativeTo, resolveFrom } from "#base/path";
import { resolvePath } from "#base/workspace-path";
import { depfileInputs } from "#core/cache/depfile";
import { OWN_FILES } from "#core/model/cache";
import type { CacheRule } from "#core/model/cache";
import type { InstanceId } from "#core/model/ids";
import type { Instance } from "#core/model/plan";
import { watchPattern } from "#core/watch/watch-pattern";
import type { WatchPattern } from "#core/watch/watch-pattern";
import { fileEntry } from "#system/fs/file-entry";
import { readAtOnce } from "#system/fs/read-at-once";
import { isTracingReads, noteRead, readFor } from "#system/fs/read-trace";
import { fingerprintText } from "./fingerprints";
import type { Fingerprint, Fingerprints } from "./fingerprints";
import type { WorkspaceFiles } from "./workspace-files";

/** An input with its fingerprint. */
export interface InputFile {
  /** From the package, or from the workspace with `//` in front; absolute outside of it. */
  readonly name: string;
  readonly digest: string;
}

export type InputsFound =
  | {
      readonly ok: true;
      readonly files: readonly InputFile[];
      /** What only the dependency file of the last run names. */
      readonly discovered: readonly InputFile[];
      /** Whether nothing but the paths asked for was looked at. */
      readonly isWhole: boolean;
    }
  /** Nothing can be said of the inputs, for a reason in words. */
  | { readonly ok: false; readonly why: string };

/** Whose inputs are looked for. */
export interface InputOwner {
  readonly instance: Instance;
  readonly rule: CacheRule;
  /** What of its package is outputs of what runs before it, which its key has otherwise. */
  readonly upstreamOutputs: () => readonly WatchPattern[];
  /** Absolute paths of its inputs, where they need not be looked for. */
  readonly known?: readonly string[];
}

/** Finds the files that decide a task's result, and what is in them. */
export class InputFiles {
  readonly #root: string;
  readonly #files: WorkspaceFiles;
  readonly #prints: Fingerprints;
  readonly #lookedAt = new Map<InstanceId, readonly string[]>();
  readonly #matched = new Map<string, { readonly version: number; readonly paths: readonly string[] }>();

  constructor(root: string, files: WorkspaceFiles, prints: Fingerprints) {
    this.#root = root;
    this.#files = files;
    this.#prints = prints;
  }

  /** The inputs of a task, each once. */
  async of(owner: InputOwner): Promise<InputsFound> {
    const paths = await this.#paths(owner);
    const { stdin } = owner.instance.io;
    if (stdin?.kind === "file") paths.add(stdin.path);
    const dir = owner.instance.environment;
    const declared = await this.#read(paths, dir);
    if (isTracingReads() && declared.ok && declared.isWhole && owner.rule.depfile === undefined)
      this.#lookedAt.set(owner.instance.id, [...paths]);
    if (!declared.ok || owner.rule.depfile === undefined) return declared;
    const others = await this.#read(new Set(this.#named(owner).filter((path) => !paths.has(path))), dir);
    return others.ok ? { ...declared, discovered: others.files } : others;
  }

  /**
   * Absolute paths of the declared inputs of a task that have been looked at; undefined where there were none yet, or
   * others beside them.
   */
  lookedAt(id: InstanceId): readonly string[] | undefined {
    return this.#lookedAt.get(id);
  }

  /** Absolute paths of all that a task may read: what it declares, and what its dependency file names. */
  async pathsOf(owner: InputOwner): Promise<ReadonlySet<string>> {
    const paths = await this.#paths(owner);
    for (const path of this.#named(owner)) if (isInside(this.#root, path)) paths.add(path);
    return paths;
  }

  /** Files that globs from the workspace root mean. */
  async global(globs: readonly string[]): Promise<InputsFound> {
    return this.#read(await this.globalPaths(globs), this.#root);
  }

  async globalPaths(globs: readonly string[]): Promise<Set<string>> {
    const paths = new Set<string>();
    for (const glob of globs) {
      const pattern = watchPattern(glob, { root: this.#root, dir: this.#root });
      if (pattern === undefined) continue;
      if (pattern.excludes) takeOut(pattern, paths);
      // What a run makes is none of what everything goes by.
      else for (const path of await this.#matching(pattern, { isFixed: true })) paths.add(path);
    }
    return paths;
  }

  /** Absolute paths that the dependency file of the last run names; none before the first one. */
  #named({ instance, rule }: InputOwner): readonly string[] {
    const { depfile } = rule;
    if (depfile === undefined) return [];
    const text = readAtOnce(resolvePath(depfile, instance.environment, this.#root));
    return text === undefined ? [] : depfileInputs(text).map((name) => resolveFrom(instance.cwd, name));
  }

  /** What lies at paths, all outputs of something. */
  outputs(paths: readonly string[], packageDir: string): Promise<InputsFound> {
    return this.#read(new Set(paths), packageDir, "sha256");
  }

  /** Name of a path in a key. */
  nameOf(path: string, packageDir: string): string {
    if (isInside(packageDir, path)) return relativeTo(packageDir, path);
    return isInside(this.#root, path) ? `//${relativeTo(this.#root, path)}` : path;
  }

  async #paths(owner: InputOwner): Promise<Set<string>> {
    const { instance, rule, known } = owner;
    const dir = instance.environment;
    if (known !== undefined) return new Set(known);
    if (rule.inputs === undefined) return this.#defaults(owner);
    const from = { root: this.#root, dir };
    const outputs = patternsOf(rule.outputs, from);
    const paths = new Set<string>();
    for (const glob of rule.inputs) {
      if (glob === OWN_FILES) {
        for (const path of await this.#defaults(owner)) paths.add(path);
        continue;
      }
      const pattern = watchPattern(glob, from);
      if (pattern === undefined) continue;
      if (pattern.excludes) {
        takeOut(pattern, paths);
        continue;
      }
      // A package's own glob means its own files, unless it begins in a package inside of it.
      const isOwn = !glob.startsWith("//") && this.#files.ownerOf(pattern.base) === dir;
      // A glob from above what the task makes does not mean that; one from inside does.
      const made = outputs.filter(({ base }) => base !== pattern.base && isInside(pattern.base, base));
      for (const path of await this.#matching(pattern, isOwn ? { packageDir: dir } : {}))
        if (!isMade(made, path)) paths.add(path);
    }
    return paths;
  }

  async #defaults({ instance, rule, upstreamOutputs }: InputOwner): Promise<Set<string>> {
    const dir = instance.environment;
    const made = [...patternsOf(rule.outputs, { root: this.#root, dir }), ...upstreamOutputs()];
    const files = await this.#files.of(dir);
    return new Set(made.length === 0 ? files : files.filter((path) => !isMade(made, path)));
  }

  /**
   * Files that a pattern means: of those listed, of ignored ones where it begins in what is ignored, and of those behind a
   * link that it begins behind.
   *
   * @param options.packageDir only of this package
   * @param options.isFixed as listed when the run began
   */
  async #matching(
    pattern: WatchPattern,
    { packageDir, isFixed = false }: { readonly packageDir?: string; readonly isFixed?: boolean },
  ): Promise<readonly string[]> {
    const { base, rest } = pattern;
    if (rest === "") {
      const before = readFor("inputs");
      const entry = fileEntry(base);
      readFor(before);
      if (entry?.kind === "symlink") return [base, ...this.#files.behindLink(base, this.#root)];
      if (entry !== undefined && entry.kind !== "folder") return [base];
      noteRead(base);
    }
    const listed =
      packageDir === undefined
        ? await this.#elsewhere(pattern, isFixed)
        : (await this.#files.of(packageDir)).filter((path) => pattern.matches(path));
    const isIgnored = base !== this.#root && this.#files.isIgnored(base);
    if (!isIgnored && listed.length > 0) return listed;
    const unlisted = isIgnored
      ? this.#files.walk(base, { isIgnoring: false })
      : this.#files.behindLink(base, packageDir ?? this.#root);
    return [...listed, ...unlisted.filter((path) => pattern.matches(path))];
  }

  /** Many packages may name the same files of the workspace, which are looked for once. */
  async #elsewhere(pattern: WatchPattern, isFixed: boolean): Promise<readonly string[]> {
    const key = `${pattern.base}\0${pattern.rest}\0${String(isFixed)}`;
    const version = isFixed ? 0 : this.#files.changesAround(pattern.base);
    const known = this.#matched.get(key);
    if (known?.version === version) return known.paths;
    const paths = (await this.#files.below(pattern.base)).filter((path) => pattern.matches(path));
    this.#matched.set(key, { version, paths });
    return paths;
  }

  async #read(paths: Set<string>, packageDir: string, kind?: "sha256"): Promise<InputsFound> {
    const files: InputFile[] = [];
    const slow: Promise<void>[] = [];
    let isWhole = true;
    let why: string | undefined;
    const take = (path: string, print: Fingerprint): void => {
      const name = this.nameOf(path, packageDir);
      if (print.kind === "folder") {
        // A repository inside of this one: git tells no more of it than its folder.
        isWhole = false;
        for (const inner of this.#files.walk(path, { isIgnoring: true })) look(inner);
        return;
      }
      const digest = fingerprintText(print);
      if (print.kind === "unreadable") why ??= `its input ${name} can't be read`;
      else if (digest === undefined && name.includes("\ufffd"))
        why ??= `the name of its input ${name} is no UTF-8`;
      if (digest !== undefined) files.push({ name, digest });
    };
    const look = (path: string): void => {
      const print = this.#prints.of(path, kind);
      if (print instanceof Promise) slow.push(print.then((made) => take(path, made)));
      else take(path, print);
    };
    for (const path of paths) look(path);
    await Promise.all(slow);
    return why === undefined ? { ok: true, files, discovered: [], isWhole } : { ok: false, why };
  }
}

const isMade = (patterns: readonly WatchPattern[], path: string): boolean => {
  const last = patterns.findLast((pattern) => pattern.matches(path));
  return last !== undefined && !last.excludes;
};

function takeOut(pattern: WatchPattern, paths: Set<string>): void {
  for (const path of paths) if (pattern.matches(path)) paths.delete(path);
}

export const patternsOf = (
  globs: readonly string[],
  from: { readonly root: string; readonly dir: string },
): readonly WatchPattern[] =>
  globs.flatMap((glob) => {
    const pattern = watchPattern(glob, from);
    return pattern === undefined ? [] : [pattern];
  });

import { dirname, relativeTo, resolveFrom } from "#base/path";
import type { SourceReader } from "#core/migrate/conversion";
import type { Justfile, Problem } from "./justfile";
import { readJustfile } from "./read-justfile";

/** A justfile with what it imports, and the name that it has as a module. */
export interface JustModule {
  /** Empty for the main one. */
  readonly path: readonly string[];
  /** The folder that its recipes run in, from that of the main one; empty for the same. */
  readonly folder: string;
  readonly justfile: Justfile;
}

export type LoadedJustfiles =
  | { readonly kind: "missing" }
  | { readonly kind: "unreadable"; readonly reason: string }
  | { readonly kind: "read"; readonly modules: readonly JustModule[]; readonly sources: readonly string[] };

const MAX_FILES = 200;

/** Reads a justfile, everything that it imports and all its modules; the main one comes first. */
export async function loadJustfiles(path: string, reader: SourceReader): Promise<LoadedJustfiles> {
  const found = await reader.readText(path);
  if (found.kind === "missing") return found;
  if (found.kind === "folder") return { kind: "unreadable", reason: "it is a folder" };
  if (found.kind === "unreadable") return found;
  const loading = new Loading(reader, dirname(path));
  await loading.module(path, found.text, []);
  return { kind: "read", modules: loading.modules, sources: loading.sources };
}

class Loading {
  readonly modules: JustModule[] = [];
  readonly sources: string[] = [];
  readonly #reader: SourceReader;
  readonly #base: string;

  constructor(reader: SourceReader, base: string) {
    this.#reader = reader;
    this.#base = base;
  }

  async module(path: string, text: string, name: readonly string[]): Promise<void> {
    this.sources.push(path);
    const main = readJustfile(text, path);
    const at = this.modules.length;
    const folder = dirname(path) === this.#base ? "" : relativeTo(this.#base, dirname(path));
    const justfile = await this.#withImports(main, new Set([path]));
    this.modules.splice(at, 0, { path: name, folder, justfile });
    for (const module of justfile.modules) {
      const found = await this.#moduleFile(path, module);
      if (found === undefined) {
        if (!module.isOptional)
          this.#addProblem(at, {
            file: path,
            line: module.line,
            what: `mod ${module.name}`,
            why: "there is no such file",
          });
      } else if (!this.sources.includes(found.path) && this.sources.length < MAX_FILES)
        await this.module(found.path, found.text, [...name, module.name]);
    }
  }

  #addProblem(at: number, problem: Problem): void {
    const module = this.modules[at];
    if (module !== undefined)
      this.modules[at] = {
        ...module,
        justfile: { ...module.justfile, problems: [...module.justfile.problems, problem] },
      };
  }

  /** What is imported counts less than what stands in the file itself. */
  async #withImports(justfile: Justfile, seen: Set<string>): Promise<Justfile> {
    let all = justfile;
    for (const { path, isOptional, line } of justfile.imports) {
      const target = resolveFrom(dirname(justfile.file), path);
      if (seen.has(target) || seen.size > MAX_FILES) continue;
      seen.add(target);
      const read = path.startsWith("~") ? { kind: "missing" as const } : await this.#reader.readText(target);
      if (read.kind !== "text") {
        if (!isOptional)
          all = withProblem(all, {
            file: justfile.file,
            line,
            what: `import '${path}'`,
            why: "there is no such file",
          });
        continue;
      }
      this.sources.push(target);
      all = combined(all, await this.#withImports(readJustfile(read.text, target), seen));
    }
    return all;
  }

  async #moduleFile(
    from: string,
    { name, path }: Justfile["modules"][number],
  ): Promise<{ readonly path: string; readonly text: string } | undefined> {
    const folder = dirname(from);
    const names =
      path === undefined
        ? [`${name}.just`, `${name}/mod.just`, `${name}/justfile`, `${name}/.justfile`, `${name}/Justfile`]
        : [path, `${path}/mod.just`, `${path}/justfile`, `${path}/.justfile`, `${path}/Justfile`];
    for (const one of names) {
      const target = resolveFrom(folder, one);
      const read = await this.#reader.readText(target);
      if (read.kind === "text") return { path: target, text: read.text };
    }
    return undefined;
  }
}

const withProblem = (justfile: Justfile, problem: Problem): Justfile => ({
  ...justfile,
  problems: [...justfile.problems, problem],
});

function combined(own: Justfile, imported: Justfile): Justfile {
  const names = new Set(own.recipes.map(({ name }) => name));
  const variables = new Set(own.assignments.map(({ name }) => name));
  return {
    ...own,
    settings: new Map([...imported.settings, ...own.settings]),
    assignments: [...imported.assignments.filter(({ name }) => !variables.has(name)), ...own.assignments],
    recipes: [...own.recipes, ...imported.recipes.filter(({ name }) => !names.has(name))],
    aliases: [...own.aliases, ...imported.aliases],
    modules: [...own.modules, ...imported.modules],
    unexports: [...own.unexports, ...imported.unexports],
    problems: [...own.problems, ...imported.problems],
  };
}

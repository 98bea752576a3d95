import { dirname, relativeTo, resolveFrom } from "#base/path";
import { err, ok, type Result } from "#base/result";
import type { ConversionReport } from "#core/migrate/conversion-report";
import type { SourceReader } from "#core/migrate/conversion";
import { isTable, type Table, tableAt, textAt, textOrTextsAt } from "#base/value-at";
import { readYamlSource, type YamlSource } from "#core/migrate/yaml-source";

/** In the order in which task looks for them. */
export const TASKFILE_NAMES = [
  "Taskfile.yml",
  "taskfile.yml",
  "Taskfile.yaml",
  "taskfile.yaml",
  "Taskfile.dist.yml",
  "taskfile.dist.yml",
  "Taskfile.dist.yaml",
  "taskfile.dist.yaml",
];

/** One Taskfile with the place that it has among the others. */
export interface LoadedTaskfile {
  readonly source: YamlSource;
  /** In front of the names of its tasks: `docs:`; empty for the main one and those that are flattened into it. */
  readonly namespace: string;
  /** The folder that its tasks run in, from that of the main one; empty for the same. */
  readonly folder: string;
  /** Values that the including files give, outermost first. */
  readonly vars: readonly Table[];
  readonly isInternal: boolean;
  readonly excludes: ReadonlySet<string>;
  /** Other words for the namespace. */
  readonly aliases: readonly string[];
}

const MAX_FILES = 100;

export interface LoadTaskfilesOptions {
  readonly reader: SourceReader;
  readonly report: ConversionReport;
}

/** Reads a Taskfile and all that it includes; the main one comes first. */
export async function loadTaskfiles(
  path: string,
  options: LoadTaskfilesOptions,
): Promise<Result<readonly LoadedTaskfile[], string>> {
  const loader = new TaskfileLoader(dirname(path), options);
  const problem = await loader.load(path, MAIN, []);
  return problem === undefined ? ok(loader.files) : err(problem);
}

/** What a Taskfile has from the ones that include it. */
type Surroundings = Omit<LoadedTaskfile, "source">;

const MAIN: Surroundings = {
  namespace: "",
  folder: "",
  vars: [],
  isInternal: false,
  excludes: new Set(),
  aliases: [],
};

interface IncludeRequest {
  readonly name: string;
  /** A path, or a table. */
  readonly given: unknown;
  /** The including file. */
  readonly file: string;
  readonly source: YamlSource;
  readonly around: Surroundings;
  /** Files that are being read, outermost first. */
  readonly seen: readonly string[];
}

class TaskfileLoader {
  readonly files: LoadedTaskfile[] = [];
  readonly #base: string;
  readonly #options: LoadTaskfilesOptions;

  constructor(base: string, options: LoadTaskfilesOptions) {
    this.#base = base;
    this.#options = options;
  }

  /** What is wrong with the file; undefined where it was read. */
  async load(file: string, around: Surroundings, seen: readonly string[]): Promise<string | undefined> {
    const read = await this.#options.reader.readText(file);
    if (read.kind !== "text") return read.kind === "unreadable" ? read.reason : "there is no such file";
    const parsed = await readYamlSource(read.text, relativeTo(this.#base, file));
    if (!parsed.ok) return parsed.error;
    const source = parsed.value;
    this.files.push({ ...around, source });
    for (const [name, given] of Object.entries(tableAt(source.value, "includes"))) {
      if (this.files.length > MAX_FILES) return undefined;
      const request = { name, given, file, source, around, seen: [...seen, file] };
      const problem = await this.#include(request);
      const place = { file: source.file, line: source.line("includes", name) };
      if (problem !== undefined) this.#options.report.leftOut(place, `includes: ${name}`, problem);
    }
    return undefined;
  }

  /** What is wrong with an include; undefined where it was read, and where it may be missing. */
  async #include(request: IncludeRequest): Promise<string | undefined> {
    const { given, file, seen } = request;
    const target = this.#filled(
      typeof given === "string" ? given : (textAt(given, "taskfile") ?? ""),
      request,
    );
    const dir = this.#filled(textAt(given, "dir") ?? "", request);
    if (target === undefined) return "its path is only known when it runs";
    if (dir === undefined) return "the folder of its tasks is only known when it runs";
    if (/^[a-z+]+:\/\/|^git@/.test(target) || target === "") return "it is not a file of this folder";
    const path = resolveFrom(dirname(file), target.replace(/^~(?=\/)/, "/nonexistent"));
    const found = await firstOf(path, this.#options.reader);
    if (found !== undefined && !seen.includes(found))
      return this.load(found, this.#surroundings(request, dir), seen);
    if (isTable(given) && given["optional"] === true) return undefined;
    return found === undefined ? `there is no ${target}` : "it includes itself";
  }

  #surroundings({ name, given, file, around }: IncludeRequest, dir: string): Surroundings {
    const options: Table = isTable(given) ? given : {};
    const isFlat = options["flatten"] === true;
    const folder = dir === "" ? around.folder : relativeTo(this.#base, resolveFrom(dirname(file), dir));
    return {
      namespace: isFlat ? around.namespace : `${around.namespace}${name}:`,
      folder: folder === "." ? "" : folder,
      vars: [...around.vars, tableAt(given, "vars")],
      isInternal: around.isInternal || options["internal"] === true,
      excludes: new Set(textOrTextsAt(given, "excludes")),
      aliases: isFlat ? [] : textOrTextsAt(given, "aliases").map((alias) => `${around.namespace}${alias}:`),
    };
  }

  /** A path with names of known values put in; undefined where something else stands in it. */
  #filled(text: string, { file, source }: IncludeRequest): string | undefined {
    const vars = tableAt(source.value, "vars");
    const values: Readonly<Record<string, unknown>> = {
      ...vars,
      ROOT_DIR: this.#base,
      TASKFILE_DIR: dirname(file),
    };
    const filled = text.replaceAll(/\{\{-?\s*\.(\w+)\s*-?\}\}/g, (whole, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      return typeof value === "string" || typeof value === "number" ? String(value) : whole;
    });
    return filled.includes("{{") ? undefined : filled;
  }
}

/** The file at a path, or the Taskfile in the folder there. */
async function firstOf(path: string, reader: SourceReader): Promise<string | undefined> {
  for (const candidate of [path, ...TASKFILE_NAMES.map((name) => `${path}/${name}`)])
    if ((await reader.readText(candidate)).kind === "text") return candidate;
  return undefined;
}

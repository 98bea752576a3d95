import { dirname, relativeTo, resolveFrom } from "#base/path";
import { err, ok, type Result } from "#base/result";
import type { ConversionReport } from "#core/migrate/conversion-report";
import type { SourceReader } from "#core/migrate/conversion";
import { isTable, tableAt, textAt, textsAt, type SourceTable } from "#core/migrate/source-values";
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
  readonly vars: readonly SourceTable[];
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
  { reader, report }: LoadTaskfilesOptions,
): Promise<Result<readonly LoadedTaskfile[], string>> {
  const base = dirname(path);
  const files: LoadedTaskfile[] = [];
  const load = async (
    file: string,
    around: Omit<LoadedTaskfile, "source">,
    seen: readonly string[],
  ): Promise<string | undefined> => {
    const read = await reader.readText(file);
    if (read.kind !== "text") return read.kind === "unreadable" ? read.reason : "there is no such file";
    const parsed = await readYamlSource(read.text, relativeTo(base, file));
    if (!parsed.ok) return parsed.error;
    files.push({ ...around, source: parsed.value });
    for (const [name, given] of Object.entries(tableAt(parsed.value.value, "includes"))) {
      if (files.length > MAX_FILES) return undefined;
      await include({ name, given, file, around, seen: [...seen, file], source: parsed.value });
    }
    return undefined;
  };
  // oxlint-disable-next-line complexity -- one case a construct of the source; apart they would be harder to follow.
  const include = async ({ name, given, file, around, seen, source }: IncludeRequest): Promise<void> => {
    const target = typeof given === "string" ? given : (textAt(given, "taskfile") ?? "");
    const place = { file: source.file, line: source.line("includes", name) };
    if (/^[a-z+]+:\/\/|^git@/.test(target) || target.includes("{{") || target === "") {
      report.leftOut(
        place,
        `includes: ${name}`,
        target.includes("{{") ? "its path is only known when it runs" : "it is not a file of this folder",
      );
      return;
    }
    const found = await firstOf(
      resolveFrom(dirname(file), target.replace(/^~(?=\/)/, "/nonexistent")),
      reader,
    );
    const isOptional = isTable(given) && given["optional"] === true;
    if (found === undefined || seen.includes(found)) {
      if (!isOptional)
        report.leftOut(
          place,
          `includes: ${name}`,
          found === undefined ? `there is no ${target}` : "it includes itself",
        );
      return;
    }
    const isFlat = isTable(given) && given["flatten"] === true;
    const dir = textAt(given, "dir");
    if (dir?.includes("{{") === true)
      report.leftOut(place, `includes: ${name}: dir`, "it is only known when it runs");
    const folder =
      dir === undefined || dir.includes("{{")
        ? around.folder
        : relativeTo(base, resolveFrom(dirname(file), dir));
    const problem = await load(
      found,
      {
        namespace: isFlat ? around.namespace : `${around.namespace}${name}:`,
        folder: folder === "." ? "" : folder,
        vars: [...around.vars, tableAt(given, "vars")],
        isInternal: around.isInternal || (isTable(given) && given["internal"] === true),
        excludes: new Set(textsAt(given, "excludes")),
        aliases: isFlat ? [] : textsAt(given, "aliases").map((alias) => `${around.namespace}${alias}:`),
      },
      seen,
    );
    if (problem !== undefined) report.leftOut(place, `includes: ${name}`, problem);
  };
  const problem = await load(
    path,
    { namespace: "", folder: "", vars: [], isInternal: false, excludes: new Set(), aliases: [] },
    [],
  );
  return problem === undefined ? ok(files) : err(problem);
}

interface IncludeRequest {
  readonly name: string;
  readonly given: unknown;
  readonly file: string;
  readonly around: Omit<LoadedTaskfile, "source">;
  readonly seen: readonly string[];
  readonly source: YamlSource;
}

/** The file at a path, or the Taskfile in the folder there. */
async function firstOf(path: string, reader: SourceReader): Promise<string | undefined> {
  for (const candidate of [path, ...TASKFILE_NAMES.map((name) => `${path}/${name}`)])
    if ((await reader.readText(candidate)).kind === "text") return candidate;
  return undefined;
}

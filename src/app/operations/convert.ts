import type { Diagnostic } from "#base/diagnostic";
import { resolveFrom } from "#base/path";
import { err, ok, type Result } from "#base/result";
import type { Conversion, ConvertedFile, ReportItem, SourceTool } from "#core/migrate/conversion";
import { withConsistentOrders } from "#core/migrate/consistent-orders";
import { writeConversion } from "#core/migrate/write-conversion";
import { converters, sourceNames } from "#app/converters";
import type { LoadOptions } from "#app/load-workspace";
import { plainProblems, refused, type Problems } from "#app/problems";
import { unwrittenFiles } from "#app/unwritten-files";
import { pathExists } from "#system/fs/path-exists";
import { globFiles, readText } from "#system/fs/read-text";
import type { Host } from "#system/host";
import { ignoreFile, writeInitFile, type InitFile } from "./init";
import { validate } from "./validate";

export interface ConvertRequest {
  readonly tool: SourceTool;
  /** The folder to convert and to write to, absolute. */
  readonly folder: string;
  /** The source file, absolute, where it is not the one that the tool would find. */
  readonly source?: string;
  readonly wrap: boolean;
  /** Overwrite files that are there. */
  readonly force: boolean;
  /** Write nothing. */
  readonly dryRun: boolean;
  readonly load: LoadOptions;
  readonly host: Host;
}

/** What a conversion has made. */
export interface ConvertResult {
  readonly files: readonly InitFile[];
  /** Paths of the source files, relative to the folder. */
  readonly sources: readonly string[];
  readonly report: readonly ReportItem[];
  readonly total: number;
  readonly converted: number;
  /** What the other tool calls each task of the main file, where that is not its name. */
  readonly names: Readonly<Record<string, string>>;
}

/**
 * Takes over the files of another tool: reads them, converts them, has the result checked by the loader that reads it
 * later, and writes it. What the loader refuses is left out and said in the report. Nothing is written where a file is
 * there already (E187), unless forced, nor where nothing can be converted.
 */
export async function convertProject(request: ConvertRequest): Promise<Result<ConvertResult, Problems>> {
  const load = converters[request.tool];
  if (load === undefined) return refused("E480", { what: sourceNames[request.tool], path: request.folder });
  const { folder, source, wrap } = request;
  const convert = await load();
  const made = await convert({
    folder,
    wrap,
    reader: { readText, glob: globFiles },
    ...(source === undefined ? {} : { source }),
  });
  if (!made.ok) return err(plainProblems(...made.error));
  const checked = await checkedConversion(request, withConsistentOrders(made.value));
  if (!checked.ok) return checked;
  const files = await filesOf(request, checked.value);
  if (!files.ok) return err(plainProblems(files.error));
  if (!request.dryRun) {
    for (const file of files.value) {
      const written = await writeInitFile(file);
      if (!written.ok) return refused("E190", { path: file.path, reason: written.error });
    }
  }
  const { sources, report, total, converted } = checked.value;
  return ok({
    files: files.value,
    sources,
    report: sorted(report, sources),
    total,
    converted,
    names: namesOf(checked.value),
  });
}

const namesOf = ({ files }: Conversion): Record<string, string> =>
  Object.fromEntries(
    (files[0]?.tasks ?? []).flatMap(({ name, source }) => (source === undefined ? [] : [[name, source]])),
  );

/** The files to write, in full, and whether each is new. */
async function filesOf(
  { folder, force }: ConvertRequest,
  conversion: Conversion,
): Promise<Result<readonly InitFile[], Diagnostic>> {
  const files: InitFile[] = [];
  for (const file of conversion.files) {
    const path = resolveFrom(folder, file.path);
    const exists = await pathExists(path);
    if (exists && !force) return err({ code: "E187", severity: "error", data: { path } });
    files.push({ path, text: writeConversion(file), isNew: !exists });
  }
  const ignore = await ignoreFile(folder);
  if (!ignore.ok) return ignore;
  if (ignore.value !== undefined) files.push(ignore.value);
  return ok(files);
}

/** The conversion as far as the loader takes it: tasks that it refuses are left out, as comments. */
async function checkedConversion(
  request: ConvertRequest,
  conversion: Conversion,
): Promise<Result<Conversion, Problems>> {
  let rest = conversion;
  for (;;) {
    const problems = await problemsOf(request, rest);
    const errors = problems.diagnostics.filter(({ severity }) => severity === "error");
    if (errors.length === 0 && problems.unread.length === 0) return ok(rest);
    const next = withoutCache(request.folder, rest, errors) ?? withoutRefused(request.folder, rest, errors);
    if (next === undefined) return err(problems);
    rest = next;
  }
}

async function problemsOf(request: ConvertRequest, conversion: Conversion): Promise<Problems> {
  const texts = new Map(
    conversion.files.map((file) => [resolveFrom(request.folder, file.path), writeConversion(file)]),
  );
  const { configPath: _, ...load } = request.load;
  return validate({ ...load, cwd: request.folder }, request.host, unwrittenFiles(texts));
}

/** Problems of a task that comes from the cache, and would be none without it. */
const CACHE_CODES: ReadonlySet<string> = new Set(["E310", "E311"]);

/** With tasks that always run where they can't come from the cache; undefined where no problem is such a one. */
function withoutCache(
  folder: string,
  conversion: Conversion,
  errors: readonly Diagnostic[],
): Conversion | undefined {
  const refused = new Map(
    errors.flatMap(({ code, place }) =>
      CACHE_CODES.has(code) ? [[`${place?.file ?? ""}\n${place?.path?.[1] ?? ""}`, code]] : [],
    ),
  );
  const report: ReportItem[] = [...conversion.report];
  let changed = 0;
  const files = conversion.files.map((file) => ({
    ...file,
    tasks: file.tasks.map((task) => {
      const code = refused.get(`${resolveFrom(folder, file.path)}\n${task.name}`);
      if (code === undefined || task.table.cache === undefined) return task;
      changed += 1;
      report.push({
        file: task.place?.file ?? conversion.sources[0] ?? file.path,
        line: task.place?.line ?? 1,
        severity: "approximated",
        what: task.name,
        why: `it always runs, as what it needs and makes would not be valid (${code})`,
      });
      const { cache: _cache, inputs: _inputs, outputs: _outputs, ...table } = task.table;
      return { ...task, table };
    }),
  }));
  return changed === 0 ? undefined : { ...conversion, files, report };
}

/** Undefined where no problem is one of a task. */
function withoutRefused(
  folder: string,
  conversion: Conversion,
  errors: readonly Diagnostic[],
): Conversion | undefined {
  const refused = new Map<string, Diagnostic>();
  for (const error of errors) {
    const [section, name] = error.place?.path ?? [];
    if (section === "tasks" && typeof name === "string")
      refused.set(`${error.place?.file ?? ""}\n${name}`, error);
  }
  const report: ReportItem[] = [...conversion.report];
  let removed = 0;
  const files = conversion.files.map((file) => {
    const path = resolveFrom(folder, file.path);
    const isRefused = (name: string): Diagnostic | undefined => refused.get(`${path}\n${name}`);
    const gone = file.tasks.filter(({ name }) => isRefused(name) !== undefined);
    if (gone.length === 0) return file;
    removed += gone.length;
    for (const { name, place } of gone)
      report.push({
        file: place?.file ?? conversion.sources[0] ?? file.path,
        line: place?.line ?? 1,
        severity: "left-out",
        what: name,
        why: `the task would not be valid (${isRefused(name)?.code ?? ""})`,
      });
    return { ...file, tasks: file.tasks.filter((task) => !gone.includes(task)), rest: restOf(file, gone) };
  });
  return removed === 0
    ? undefined
    : { ...conversion, files, report, converted: Math.max(0, conversion.converted - removed) };
}

const restOf = (file: ConvertedFile, gone: readonly ConvertedFile["tasks"][number][]): readonly string[] => [
  ...(file.rest ?? []),
  ...gone.flatMap((task) => ["", ...writeConversion({ path: file.path, tasks: [task] }).split("\n")]),
];

/** In the order of the source. */
function sorted(report: readonly ReportItem[], sources: readonly string[]): readonly ReportItem[] {
  const rank = (file: string): number => (sources.indexOf(file) + sources.length + 1) % (sources.length + 1);
  return report.toSorted((a, b) => rank(a.file) - rank(b.file) || a.line - b.line);
}

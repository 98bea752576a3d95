import { envValue } from "#core/migrate/env-value";
import { combinedUses } from "#core/migrate/combined-uses";
import { basename, dirname, resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type {
  ConvertedFile,
  ConvertedSections,
  Conversion,
  Converter,
  ReportItem,
  SourceReader,
} from "#core/migrate/conversion";
import { wrappedTasks } from "#core/migrate/wrap";
import type { MadeTask } from "#core/migrate/made-task";
import { makeTasks } from "./make-tasks";
import type { Makefile } from "./makefile";
import { readMakefile, type KnownFiles } from "./makefile-reader";
import { mergeWorlds } from "#core/migrate/merge-worlds";
import { constantOf, newUses, type Uses } from "#core/migrate/pieces";
import { targetsOf } from "./target";
import { readWorlds, type World } from "#core/migrate/worlds";

type Worlds = ReadonlyMap<World, Makefile>;

/** In the order in which make looks for them. */
const NAMES = ["GNUmakefile", "makefile", "Makefile"];

const MAX_ROUNDS = 24;

/** Turns a Makefile and what it includes into tasks. */
export const convertMakefile: Converter = async ({ folder, source, wrap, reader }) => {
  const found = source ?? (await firstFile(folder, reader));
  const missing = { code: "E480", severity: "error", data: { what: "Makefile", path: folder } } as const;
  if (found === undefined) return err([missing]);
  const read = await reader.readText(found);
  if (read.kind === "missing") return err([missing]);
  if (read.kind !== "text") {
    const reason = read.kind === "folder" ? "it is a folder" : read.reason;
    return err([{ code: "E481", severity: "error", data: { path: found, reason } }]);
  }
  const base = dirname(found);
  const main = basename(found);
  const files: KnownFiles = {
    texts: new Map([[main, read.text]]),
    globs: new Map(),
    wantedTexts: new Set(),
    wantedGlobs: new Set(),
  };
  const { worlds, isCut } = await readAll(main, files, { base, reader });
  const [first] = worlds.values();
  if (first === undefined) return err([missing]);
  if (wrap) return ok(wrapMakefile(first, main));
  return ok(conversionOf(worlds, { main, isCut }));
};

async function firstFile(folder: string, reader: SourceReader): Promise<string | undefined> {
  for (const name of NAMES) {
    const path = resolveFrom(folder, name);
    if ((await reader.readText(path)).kind === "text") return path;
  }
  return undefined;
}

/** Reads again and again, with the files that the last reading asked for. */
async function readAll(
  main: string,
  files: KnownFiles,
  { base, reader }: { readonly base: string; readonly reader: SourceReader },
): Promise<{ readonly worlds: Worlds; readonly isCut: boolean }> {
  const texts = new Map(files.texts);
  const globs = new Map(files.globs);
  for (let round = 0; ; round += 1) {
    const known: KnownFiles = { texts, globs, wantedTexts: new Set(), wantedGlobs: new Set() };
    const read = readWorlds((world) => readMakefile({ main, files: known, ...world }));
    const newTexts = [...known.wantedTexts].filter((path) => !texts.has(path));
    const newGlobs = [...known.wantedGlobs].filter((pattern) => !globs.has(pattern));
    if (round >= MAX_ROUNDS || newTexts.length + newGlobs.length === 0) return read;
    for (const path of newTexts) {
      const text = await reader.readText(resolveFrom(base, path));
      texts.set(path, text.kind === "text" ? text.text : undefined);
    }
    for (const pattern of newGlobs) globs.set(pattern, await filesLike(pattern, base, reader));
  }
}

async function filesLike(pattern: string, base: string, reader: SourceReader): Promise<readonly string[]> {
  if (pattern.startsWith("/") || pattern.includes("..") || pattern.includes("\0")) return [];
  const clean = pattern.replace(/^\.\//, "").replace(/\/$/, "");
  if (clean === "") return [];
  const found = await reader.glob(clean, base);
  return found.map((path) => (path.startsWith(`${base}/`) ? path.slice(base.length + 1) : path));
}

interface ConversionOptions {
  readonly main: string;
  readonly isCut: boolean;
}

function conversionOf(worlds: Worlds, { main, isCut }: ConversionOptions): Conversion {
  const [first, ...others] = worlds.values();
  const { made, uses, report } = makeAll(worlds);
  const tasks = mergeWorlds(made, { report, file: main, isCut });
  if (isCut)
    report.push({
      file: main,
      line: 1,
      severity: "left-out",
      what: "",
      why: "it has too many conditions; not all combinations were looked at",
    });
  for (const name of uses.fixed)
    report.push({
      file: main,
      line: 1,
      severity: "approximated",
      what: name,
      why: `its default can't stand in a shell's \${${name}-…}, so it is a value of [vars] and no longer taken from the environment: use --set`,
    });
  if (first !== undefined) {
    report.push(...first.remarks, ...specialRemarks(first));
    for (const makefile of others) report.push(...makefile.remarks);
    if ([...worlds.values()].every(({ errors }) => errors.length > 0))
      for (const { message, line, file } of first.errors)
        report.push({
          file,
          line,
          severity: "approximated",
          what: `$(error ${message})`,
          why: "the tasks do not stop here",
        });
    else if (others.some(({ errors }) => errors.length > 0)) {
      const failing = others.find(({ errors }) => errors.length > 0)?.errors[0];
      if (failing !== undefined)
        report.push({
          file: failing.file,
          line: failing.line,
          severity: "approximated",
          what: `$(error ${failing.message})`,
          why: "the tasks do not stop here",
        });
    }
  }
  const converted = tasks.filter(({ isWhole }) => isWhole).length;
  const total = new Set(
    [...worlds.values()].flatMap((makefile) =>
      targetsOf(makefile)
        .filter(({ rules }) =>
          rules.some(({ recipe, prerequisites }) => recipe.length + prerequisites.length > 0),
        )
        .map(({ name }) => name),
    ),
  ).size;
  const file: ConvertedFile = {
    path: "zr.toml",
    ...(first !== undefined && first.header.length > 0 ? { comments: first.header } : {}),
    ...sectionsOf(first, uses, { report }),
    tasks: tasks.map(({ task }) => task),
  };
  return {
    sources: first?.files ?? [main],
    files: [file],
    report: unique(report),
    total,
    converted: Math.min(converted, total),
  };
}

/** Makes the tasks of every reading; a variable that differs between them is written out where it is used. */
function makeAll(worlds: Worlds): {
  readonly inline: ReadonlySet<string>;
  readonly made: ReadonlyMap<World, readonly MadeTask[]>;
  readonly uses: Uses;
  readonly report: ReportItem[];
} {
  let inline: ReadonlySet<string> = new Set();
  for (;;) {
    const made = new Map<World, readonly MadeTask[]>();
    const report: ReportItem[] = [];
    const readings: Uses[] = [];
    for (const [world, makefile] of worlds) {
      const own = newUses();
      made.set(world, makeTasks(makefile, { uses: own, inline, report }));
      readings.push(own);
    }
    const { uses, differing } = combinedUses(readings);
    if (differing.every((name) => inline.has(name))) return { inline, made, uses, report };
    inline = new Set([...inline, ...differing]);
  }
}

function sectionsOf(
  makefile: Makefile | undefined,
  uses: Uses,
  { report }: { readonly report: ReportItem[] },
): Pick<ConvertedFile, "sections" | "sectionComments"> {
  if (makefile === undefined) return {};
  const env: Record<string, NonNullable<ConvertedSections["env"]>[string]> = {};
  for (const [name, command] of uses.once) env[name] = { cmd: unfailing(command) };
  exportedInto(env, makefile, { report });
  const shell = shellOf(makefile);
  const comments: Record<string, readonly string[]> = {};
  for (const [name, lines] of makefile.comments) {
    if (uses.vars.has(name)) comments[`vars.${name}`] = lines;
    else if (env[name] !== undefined) comments[`env.${name}`] = lines;
  }
  if (makefile.dotenv.length > 0)
    report.push({
      file: makefile.files[0] ?? "Makefile",
      line: 1,
      severity: "note",
      what: makefile.dotenv.join(" "),
      why: "it is read as a dotenv file, with its rules for quotes",
    });
  const global = {
    ...(shell === undefined ? {} : { shell }),
    ...(makefile.dotenv.length === 0 ? {} : { dotenv: [...new Set(makefile.dotenv)] }),
  };
  return {
    sections: {
      ...(Object.keys(global).length === 0 ? {} : { global }),
      ...(uses.vars.size === 0 ? {} : { vars: Object.fromEntries(uses.vars) }),
      ...(Object.keys(env).length === 0 ? {} : { env }),
    },
    ...(Object.keys(comments).length === 0 ? {} : { sectionComments: comments }),
  };
}

/** make takes what a command prints, however it ends. */
const unfailing = (command: string): string =>
  /\|\|\s*(?:echo|true|:)\b[^|;&]*$/.test(command) || /^printf %s "[^`(]*"$/.test(command)
    ? command
    : `${command} || true`;

interface ExportOptions {
  readonly report: ReportItem[];
}

/** Variables that commands see in their environment. */
// oxlint-disable-next-line complexity -- one case a construct of the source; apart they would be harder to follow.
function exportedInto(
  env: Record<string, NonNullable<ConvertedSections["env"]>[string]>,
  makefile: Makefile,
  { report }: ExportOptions,
): void {
  const isAll = makefile.exportsAll || makefile.special.has(".EXPORT_ALL_VARIABLES");
  const names = isAll
    ? [...makefile.variables.keys()].filter((name) => /^[A-Za-z_]\w*$/.test(name))
    : [...makefile.exported];
  for (const name of names) {
    if (makefile.unexported.has(name) || !/^[A-Za-z_]\w*$/.test(name) || name === "SHELL") continue;
    const variable = makefile.variables.get(name);
    if (variable === undefined) continue;
    const value = makefile.expand(`$(${name})`, new Map());
    const [only, ...others] = value;
    // What only the environment says is there anyway.
    if (only?.kind === "default" && others.length === 0 && only.name === name && only.fallback.length === 0)
      continue;
    const given = envValue(value);
    if (given === undefined)
      report.push({
        file: makefile.files[0] ?? "",
        line: 1,
        severity: "left-out",
        what: `export ${name}`,
        why: "its value can't be expressed",
      });
    else
      env[name] =
        typeof given === "object" && given.cmd !== undefined ? { cmd: unfailing(given.cmd) } : given;
  }
}

function shellOf(makefile: Makefile): string | readonly string[] | undefined {
  const value = (name: string): string | undefined => {
    const variable = makefile.variables.get(name);
    return variable === undefined ? undefined : constantOf(makefile.expand(`$(${name})`, new Map()))?.trim();
  };
  const program = (value("SHELL") ?? "").replace(/^\/usr\/bin\/env\s+(?:-S\s+)?/, "");
  const flags = value(".SHELLFLAGS")?.split(/\s+/) ?? (makefile.special.has(".POSIX") ? ["-ec"] : undefined);
  const words = program.split(/\s+/).filter((word) => word !== "");
  const name = words.length === 0 ? "sh" : words.join(" ").replace(/^\/(?:usr\/)?(?:local\/)?bin\//, "");
  if (flags === undefined && words.length <= 1) return name === "sh" ? undefined : name;
  return [...name.split(" "), ...(flags ?? ["-c"])];
}

const WITHOUT_EQUAL: Readonly<Record<string, string>> = {
  ".DEFAULT": "there is no task for names that nobody knows",
  ".SECONDEXPANSION": "prerequisites are only expanded once",
};

const specialRemarks = (makefile: Makefile): readonly ReportItem[] =>
  makefile.rules.flatMap(({ file, line, targets }) => {
    const why = WITHOUT_EQUAL[targets[0] ?? ""];
    return why === undefined
      ? []
      : [{ file, line, severity: "left-out" as const, what: targets[0] ?? "", why }];
  });

const unique = (report: readonly ReportItem[]): readonly ReportItem[] => [
  ...new Map(report.map((item) => [JSON.stringify(item), item])).values(),
];

/** Tasks that call make: the first step of a migration. */
function wrapMakefile(makefile: Makefile, main: string): Conversion {
  const targets = targetsOf(makefile).filter(
    ({ isPattern, name }) => !isPattern && (!name.startsWith(".") || name.includes("/")),
  );
  const flag = NAMES.includes(main) ? [] : ["-f", main];
  return wrappedTasks({
    sources: makefile.files,
    items: targets.map(({ name, rules, main: rule }) => ({
      name,
      argv: ["make", ...flag, name],
      description:
        rules.map(({ help }) => help).find((text) => text !== undefined) ??
        rule.comments.find((line) => /\w/.test(line)),
      line: rule.line,
    })),
  });
}

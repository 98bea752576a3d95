import { firstFile } from "#core/migrate/first-file";
import { combinedUses } from "#core/migrate/combined-uses";
import type { EnvTable } from "#core/config/schema/sections";
import { basename, dirname, relativeTo } from "#base/path";
import { err, ok } from "#base/result";
import type { ConvertedFile, Conversion, Converter, ReportItem } from "#core/migrate/conversion";
import type { MadeTask } from "#core/migrate/made-task";
import { LostOverrides, lostOverridesReport } from "#core/migrate/lost-overrides";
import { mergeWorlds } from "#core/migrate/merge-worlds";
import { newUses, unknownIn, type Uses } from "#core/migrate/pieces";
import { shareSettings, withOwnSettings } from "#core/migrate/shared-settings";
import { readWorlds, type Readings } from "#core/migrate/read-worlds";
import { OpenConditions, type Fact, type WorldRequest } from "#core/migrate/worlds";
import { wrappedTasks } from "#core/migrate/wrap";
import { Evaluator } from "./evaluator";
import type { Assignment, Justfile, Recipe } from "./justfile";
import { exportedVariables, sectionsOf } from "./just-sections";
import { loadJustfiles, type JustModule } from "./load-justfiles";
import { makeJustTasks } from "./make-just-tasks";
import { isEnabled } from "./recipe-attributes";

const NAMES = ["justfile", ".justfile", "Justfile", "JUSTFILE", ".Justfile"];

/** Turns a justfile, what it imports and its modules into tasks. */
export const convertJustfile: Converter = async ({ folder, source, wrap, reader }) => {
  const path = source ?? (await firstFile(folder, NAMES, reader));
  const missing = { code: "E480", severity: "error", data: { what: "justfile", path: folder } } as const;
  if (path === undefined) return err([missing]);
  const loaded = await loadJustfiles(path, reader);
  if (loaded.kind === "missing") return err([missing]);
  if (loaded.kind === "unreadable")
    return err([{ code: "E481", severity: "error", data: { path, reason: loaded.reason } }]);
  const { modules, sources } = loaded;
  const base = dirname(path);
  const shown = (file: string): string => (file === path ? basename(path) : relativeTo(base, file));
  const input: Input = {
    modules: modules.map((module) => withNames(module, shown)),
    sources: sources.map(shown),
    base,
  };
  return ok(wrap ? wrapJustfile(input, basename(path)) : conversionOf(input));
};

interface Input {
  readonly modules: readonly JustModule[];
  readonly sources: readonly string[];
  readonly base: string;
}

/** The module with its files as they are called from the folder. */
const withNames = (module: JustModule, shown: (file: string) => string): JustModule => ({
  ...module,
  justfile: {
    ...module.justfile,
    recipes: module.justfile.recipes.map((recipe) => ({ ...recipe, file: shown(recipe.file) })),
    problems: module.justfile.problems.map((problem) => ({ ...problem, file: shown(problem.file) })),
    file: shown(module.justfile.file),
  },
});

/** Of recipes with one name the last one counts, for each system. */
function recipesFor({ recipes }: Justfile, system: string): readonly Recipe[] {
  const byName = new Map<string, Recipe>();
  for (const recipe of recipes) if (isEnabled(recipe, system)) byName.set(recipe.name, recipe);
  return [...new Set(recipes.map(({ name }) => name))].flatMap((name) => byName.get(name) ?? []);
}

interface JustReading {
  readonly facts: readonly Fact[];
  readonly asksSystem: boolean;
  readonly tasks: readonly MadeTask[];
  readonly uses: Uses;
  readonly report: readonly ReportItem[];
  readonly env: EnvTable;
  readonly overrides: LostOverrides;
}

function conversionOf(input: Input): Conversion {
  let inline: ReadonlySet<string> = new Set();
  for (;;) {
    const known = inline;
    const readings = readWorlds((request) => readOnce(input, request, known));
    const { uses, differing } = combinedUses([...readings.worlds.values()].map((reading) => reading.uses));
    if (differing.every((name) => known.has(name))) return finished(input, { readings, uses });
    inline = new Set([...known, ...differing]);
  }
}

function readOnce(
  { modules }: Input,
  { system, ...request }: WorldRequest,
  inline: ReadonlySet<string>,
): JustReading {
  const conditions = new OpenConditions(request);
  const asked = {
    system: modules.some(({ justfile }) =>
      justfile.recipes.some((recipe) =>
        ["linux", "darwin", "windows"].some((name) => !isEnabled(recipe, name)),
      ),
    ),
  };
  const names = new Map<string, string>();
  for (const { path, justfile } of modules)
    for (const { name } of justfile.recipes) names.set([...path, name].join("::"), [...path, name].join(":"));
  const uses = newUses();
  const report: ReportItem[] = [];
  const evaluators = new Map<JustModule, Evaluator>();
  const overrides = new LostOverrides();
  const tasks = modules.flatMap((module) => {
    const { justfile, path, folder } = module;
    const assignments = new Map<string, Assignment>(
      justfile.assignments.map((assignment) => [assignment.name, assignment]),
    );
    const prefix = path.map((name) => `${name}_`).join("");
    const evaluator = new Evaluator({ assignments, system, folder, prefix, conditions, asked, overrides });
    for (const { name, line, value } of justfile.assignments)
      overrides.assigned(prefix + name, value.kind === "text", { file: justfile.file, line });
    evaluators.set(module, evaluator);
    const namespace = path.map((name) => `${name}:`).join("");
    return makeJustTasks(justfile, recipesFor(justfile, system), {
      evaluator,
      system,
      namespace,
      folder,
      names,
      report,
      uses,
      inline,
      isMain: path.length === 0,
    });
  });
  const env = exportedVariables(modules, { evaluators, report });
  report.push(...[...evaluators].flatMap(([{ justfile }, evaluator]) => unusedChecks(justfile, evaluator)));
  return { facts: conditions.facts, asksSystem: asked.system, tasks, uses, report, env, overrides };
}

/** just looks at every variable before it runs anything; a check in one that no recipe uses is not made by us. */
const unusedChecks = ({ assignments, file }: Justfile, evaluator: Evaluator): readonly ReportItem[] =>
  assignments.flatMap(({ name, line, value }): readonly ReportItem[] => {
    if (!/\b(?:assert|error|require)\b/.test(JSON.stringify(value))) return [];
    const failed = unknownIn(evaluator.variable(name) ?? []);
    if (failed === undefined) return [];
    const why = `${failed.why}; where no recipe uses ${name}, this check is not made`;
    return [{ file, line, severity: "left-out", what: `${name}: ${failed.what}`, why }];
  });

interface Finished {
  readonly readings: Readings<JustReading>;
  readonly uses: Uses;
}

function finished(input: Input, { readings, uses }: Finished): Conversion {
  const { worlds, isCut } = readings;
  const [main] = input.modules;
  const file = main?.justfile.file ?? "justfile";
  const report: ReportItem[] = [...worlds.values()].flatMap((reading) => reading.report);
  const shared = shareSettings(worlds);
  const made = new Map(
    [...worlds].map(
      ([world, { tasks: own }]) => [world, withOwnSettings(own, shared.own.get(world))] as const,
    ),
  );
  const tasks = mergeWorlds(made, { report, file, isCut });
  for (const { justfile } of input.modules) {
    for (const problem of justfile.problems) report.push({ ...problem, severity: "left-out" });
    report.push(...settingsReport(justfile));
  }
  for (const name of uses.fixed)
    report.push({
      file,
      line: 1,
      severity: "approximated",
      what: name,
      why: `its default can't stand in a shell's \${${name}-…}, so it is a value of [vars] and no longer taken from the environment: use --set`,
    });
  report.push(
    ...lostOverridesReport(
      [...worlds.values()].map(({ overrides }) => overrides),
      { written: uses.written, tool: "just" },
    ),
  );
  const unread = input.modules.flatMap(({ justfile }) => justfile.problems);
  const converted: ConvertedFile = {
    path: "zr.toml",
    ...(main === undefined || main.justfile.header.length === 0 ? {} : { comments: main.justfile.header }),
    ...(main === undefined ? {} : sectionsOf(input.modules, shared.env, uses)),
    tasks: tasks.map(({ task }) => task),
    ...(unread.length === 0
      ? {}
      : {
          rest: unread.flatMap(({ file: from, line, what, why }) => [
            `zr: not converted (${from}:${line}): ${why}`,
            what,
          ]),
        }),
  };
  const total = new Set(
    input.modules.flatMap(({ justfile, path }) =>
      justfile.recipes.map(({ name }) => [...path, name].join("::")),
    ),
  ).size;
  const unreadRecipes = unread.filter(
    ({ why }) => why.startsWith("it can't be read") || why.startsWith("its dependencies"),
  ).length;
  return {
    sources: input.sources,
    files: [converted],
    report: [...new Map(report.map((item) => [JSON.stringify(item), item])).values()],
    total: total + unreadRecipes,
    converted: tasks.filter(({ isWhole }) => isWhole).length,
  };
}

const SILENT_SETTINGS = new Set(
  "shell export positional-arguments quiet unstable tempdir ignore-comments dotenv-filename dotenv-path dotenv-required working-directory script-interpreter allow-duplicate-recipes allow-duplicate-variables no-exit-message lazy minimum-version color default-list".split(
    " ",
  ),
);

function settingsReport({ settings, file }: Justfile): readonly ReportItem[] {
  return [...settings].flatMap(([name, { value, line }]): readonly ReportItem[] => {
    if (value === false || SILENT_SETTINGS.has(name)) return [];
    const why = SETTINGS_REPORT[name];
    if (why === undefined)
      return [{ file, line, severity: "left-out", what: `set ${name}`, why: "it has no equal" }];
    return [{ file, line, severity: "approximated", what: `set ${name}`, why }];
  });
}

const SETTINGS_REPORT: Readonly<Record<string, string>> = {
  "dotenv-load": "what the file says goes over the environment, and it is only looked for beside zr.toml",
  "dotenv-override": "it is always so",
  "windows-shell": "on Windows the built-in shell is used",
  "windows-powershell": "on Windows the built-in shell is used",
  fallback: "a zr.toml further up is only looked at where it has a [workspace]",
};

function wrapJustfile({ modules, sources }: Input, main: string): Conversion {
  const flag = NAMES.includes(main) ? [] : ["-f", main];
  return wrappedTasks({
    sources,
    items: modules.flatMap(({ justfile, path }) =>
      recipesFor(justfile, "linux").map(({ name, comments, attributes, line }) => ({
        name: [...path, name].join(":"),
        argv: ["just", ...flag, [...path, name].join("::")],
        description:
          attributes.find((attribute) => attribute.name === "doc")?.args[0]?.value ?? comments.at(-1),
        aliases: justfile.aliases
          .filter(({ target }) => target === name)
          .map((alias) => [...path, alias.name].join(":")),
        hidden: attributes.some((attribute) => attribute.name === "private"),
        line,
      })),
    ),
  });
}

import { withSharedOutputs } from "#core/migrate/shared-outputs";
import { ok } from "#base/result";
import type { TaskTable } from "#core/config/schema/sections";
import type { ConvertedFile, ConvertedSections, ConvertedTask, Converter } from "#core/migrate/conversion";
import { ConversionReport } from "#core/migrate/conversion-report";
import {
  readScriptPackages,
  runScriptWords,
  type ScriptPackage,
  type ScriptPackages,
} from "#core/migrate/npm/script-packages";
import { textAt, textOrTextsAt } from "#base/value-at";
import { uniqueTasks } from "#core/migrate/unique-tasks";
import { literalText, taskName } from "#core/migrate/zr-text";
import { readTurboConfig, turboTask, turboTaskNames } from "./turbo-config";
import type { TurboConfig, TurboTask } from "./turbo-config";
import { turboGlobals } from "./turbo-globals";
import { TurboGraph } from "./turbo-graph";
import { turboSettings } from "./turbo-settings";

/** Turns turbo.json into templates of the root, and a file for every package whose scripts have a task. */
export const convertTurbo: Converter = async ({ folder, source, reader, wrap }) => {
  const report = new ConversionReport();
  const packages = await readScriptPackages(folder, reader, (place, reason) =>
    report.leftOut(place, "", `the file can't be read: ${reason}`),
  );
  if (!packages.ok) return packages;
  const config = await readTurboConfig(folder, source, { packages: packages.value, reader, report });
  if (!config.ok) return config;
  const writer = new TurboWriter(packages.value, config.value, report);
  const files = wrap ? [writer.wrapped()] : writer.files();
  return ok({
    sources: [config.value.root.file, ...[...config.value.packages.values()].map(({ file }) => file)],
    files,
    report: report.items,
    total: writer.total,
    converted: writer.converted,
  });
};

class TurboWriter {
  total = 0;
  converted = 0;
  readonly #packages: ScriptPackages;
  readonly #config: TurboConfig;
  readonly #report: ConversionReport;
  readonly #names: readonly string[];

  constructor(packages: ScriptPackages, config: TurboConfig, report: ConversionReport) {
    this.#packages = packages;
    this.#config = config;
    this.#report = report;
    this.#names = turboTaskNames(config);
  }

  get #all(): readonly ScriptPackage[] {
    return [this.#packages.root, ...this.#packages.members];
  }

  /** Tasks that call turbo for all packages at once. */
  wrapped(): ConvertedFile {
    const names = this.#names.filter((name) => this.#all.some((pkg) => pkg.scripts.has(name)));
    return {
      path: "zr.toml",
      tasks: names.flatMap((script): readonly ConvertedTask[] => {
        this.total += 1;
        const name = taskName(script);
        if (name === undefined) return [];
        this.converted += 1;
        return [{ name, table: { cmd: ["npx", "turbo", "run", literalText(script)] } }];
      }),
    };
  }

  files(): readonly ConvertedFile[] {
    const tasks = new Map(this.#all.map((pkg) => [pkg, this.#tasksOf(pkg)] as const));
    const graph = new TurboGraph(this.#packages, this.#config, this.#report);
    const shared = new Map<string, TurboTask>();
    const every = [...tasks.values()].flat();
    for (const name of this.#names) {
      const task = every.find((one) => one.isShared && one.name === name);
      if (task !== undefined) shared.set(name, task);
    }
    const settings = new Map(
      [...shared].map(([name, task]) => {
        const deps = sharedDeps(
          every.filter((one) => one.name === name),
          graph,
        );
        const own = turboSettings(task, this.#config, this.#report);
        return [name, deps.length === 0 ? own : { deps: [...deps], ...own }] as const;
      }),
    );
    const members = this.#packages.members.flatMap((pkg): readonly ConvertedFile[] => {
      const converted = this.#tasksIn(tasks.get(pkg) ?? [], graph, settings);
      return converted.length === 0 ? [] : [{ path: `${pkg.path}/zr.toml`, tasks: converted }];
    });
    this.#tellUnused(tasks);
    const globals = turboGlobals(this.#config, this.#packages, this.#report);
    const templates = Object.fromEntries(settings);
    const root: ConvertedFile = {
      path: "zr.toml",
      comments: this.#config.root.comments("tasks"),
      sections: {
        ...globals.sections,
        ...(settings.size === 0
          ? {}
          : { templates: templates as NonNullable<ConvertedSections["templates"]> }),
      },
      sectionComments: {
        ...globals.comments,
        ...Object.fromEntries(
          [...shared].map(([name, { entry }]) => [`templates.${name}`, entry.source.comments(...entry.path)]),
        ),
      },
      tasks: this.#tasksIn(tasks.get(this.#packages.root) ?? [], graph, settings),
      rest: globals.rest,
    };
    return [root, ...members];
  }

  /** The tasks of a package: those of its scripts that turbo knows. */
  #tasksOf(pkg: ScriptPackage): readonly TurboTask[] {
    return this.#names.flatMap((name) => {
      const task = pkg.scripts.has(name) ? turboTask(this.#config, pkg, name) : undefined;
      return task === undefined ? [] : [task];
    });
  }

  #task(task: TurboTask, graph: TurboGraph, settings: ReadonlyMap<string, TaskTable>): ConvertedTask {
    this.total += 1;
    const { name, entry } = task;
    const own = task.isShared ? {} : turboSettings(task, this.#config, this.#report);
    const inherited = task.isShared ? settings.get(name) : own;
    const deps = graph.dependenciesOf(task);
    return {
      name: taskName(name) ?? name,
      table: {
        ...(task.isShared ? { extends: name } : {}),
        cmd: runScriptWords(this.#packages.manager, name).map((word) => literalText(word)),
        ...(sameList(deps, inherited?.deps) ? {} : { deps: [...deps] }),
        ...own,
      },
      comments: task.isShared ? [] : entry.source.comments(...entry.path),
      place: { file: entry.source.file, line: entry.source.line(...entry.path) },
    };
  }

  #tasksIn(
    tasks: readonly TurboTask[],
    graph: TurboGraph,
    settings: ReadonlyMap<string, TaskTable>,
  ): readonly ConvertedTask[] {
    const made = tasks.map((task) => this.#task(task, graph, settings));
    const unique = withSharedOutputs(
      uniqueTasks(made, this.#config.root.file, this.#report),
      ({ table }) => table.outputs ?? settings.get(String(table.extends ?? ""))?.outputs ?? [],
    );
    this.converted += unique.length;
    return unique;
  }

  /** Entries that no package has a script for: turbo runs nothing for them either. */
  #tellUnused(tasks: ReadonlyMap<ScriptPackage, readonly TurboTask[]>): void {
    const used = new Set([...tasks.values()].flat().map(({ name }) => name));
    for (const name of this.#names) {
      if (used.has(name)) continue;
      const { root, section } = this.#config;
      this.#report.note(
        { file: root.file, line: root.line(section, name) },
        name,
        "no package has a script of this name",
      );
    }
    if (
      textAt(this.#config.root.value, "extends") !== undefined ||
      textOrTextsAt(this.#config.root.value, "extends").some((name) => name !== "//")
    )
      this.#report.leftOut(
        { file: this.#config.root.file, line: this.#config.root.line("extends") },
        "extends",
        "the root of a repository extends nothing that zr could read",
      );
  }
}

/** What all tasks of a name wait for in the same words; none where they differ. */
function sharedDeps(tasks: readonly TurboTask[], graph: TurboGraph): readonly string[] {
  const [first = [], ...others] = tasks
    .filter(({ isShared }) => isShared)
    .map((task) => graph.dependenciesOf(task));
  return others.every((deps) => sameList(deps, first)) ? first : [];
}

const sameList = (a: readonly unknown[], b: readonly unknown[] | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b ?? []);

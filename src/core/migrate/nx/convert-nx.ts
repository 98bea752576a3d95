import { relativeTo } from "#base/path";
import { withSharedOutputs } from "#core/migrate/shared-outputs";
import { ok } from "#base/result";
import type { TaskTable } from "#core/config/schema/sections";
import type { ConvertedFile, ConvertedTask, Converter } from "#core/migrate/conversion";
import { ConversionReport } from "#core/migrate/conversion-report";
import { listAt, tableAt, textAt, textOrTextsAt, valueAt } from "#base/value-at";
import { uniqueTasks } from "#core/migrate/unique-tasks";
import { literalText, taskName } from "#core/migrate/zr-text";
import { programsOnPath } from "#core/migrate/npm/programs-on-path";
import { nxCommands } from "./nx-commands";
import { nxDependencies } from "./nx-graph";
import { nxInputs, pathOf } from "./nx-inputs";
import { readNxWorkspace, type NxProject, type NxTarget, type NxWorkspace } from "./nx-workspace";

/** Keys of nx.json that say nothing about what a target does. */
const WITHOUT_MEANING = new Set([
  "$schema",
  "namedInputs",
  "targetDefaults",
  "defaultBase",
  "affected",
  "parallel",
  "tasksRunnerOptions",
  "cli",
  "defaultProject",
  "workspaceLayout",
  "npmScope",
  "installation",
  "useDaemonProcess",
  "tui",
  "analytics",
  "neverConnectToCloud",
  "nxCloudId",
  "nxCloudUrl",
  "nxCloudAccessToken",
  "cacheDirectory",
  "maxCacheSize",
  "extends",
  "generators",
  "migrations",
  "pluginsConfig",
  "sync",
  "release",
  "implicitDependencies",
  "useInferencePlugins",
  "useLegacyCache",
  "plugins",
  "targetDependencies",
  "configVersion",
  "bust",
]);

/** Keys of a target that are looked at, or say nothing about what it does. */
const KNOWN = new Set([
  "executor",
  "command",
  "options",
  "configurations",
  "defaultConfiguration",
  "dependsOn",
  "inputs",
  "outputs",
  "cache",
  "continuous",
  "parallelism",
  "metadata",
  "syncGenerators",
]);

/** Turns nx.json and the projects of its workspace into a file for each project. */
export const convertNx: Converter = async ({ folder, reader, wrap }) => {
  const report = new ConversionReport();
  const read = await readNxWorkspace(folder, reader, report);
  if (!read.ok) return read;
  const workspace = read.value;
  const [dotenv] = wrap ? [] : await reader.glob("{.env,.env.*,.local.env,.*.env}", folder);
  if (dotenv !== undefined)
    report.approximated(
      { file: relativeTo(folder, dotenv), line: 1 },
      "",
      "nx loads such files by itself: where tasks need them, say '[global] dotenv = true'",
    );
  const writer = new NxWriter(workspace, report, wrap);
  const files = [...workspace.projects.values()].map((project) => writer.projectFile(project));
  const own = files.find(({ path }) => path === "zr.toml");
  const root = writer.rootFile(own);
  return ok({
    sources: [workspace.config.file, ...[...workspace.projects.values()].map(({ file }) => file)],
    files: [root, ...files.filter((file) => file !== own && file.tasks.length > 0)],
    report: report.items,
    total: writer.total,
    converted: writer.converted,
  });
};

class NxWriter {
  total = 0;
  converted = 0;
  readonly #workspace: NxWorkspace;
  readonly #report: ConversionReport;
  readonly #wrap: boolean;

  constructor(workspace: NxWorkspace, report: ConversionReport, wrap: boolean) {
    this.#workspace = workspace;
    this.#report = report;
    this.#wrap = wrap;
  }

  rootFile(own: ConvertedFile | undefined): ConvertedFile {
    const { config, packages, projects, hasGraph } = this.#workspace;
    const listed = new Set(packages?.members.map(({ path }) => path) ?? []);
    const members = [...projects.values()].flatMap(({ path }) =>
      path === "." || listed.has(path) ? [] : [path],
    );
    const parallel = valueAt(config.value, "parallel");
    const base = textAt(config.value, "defaultBase") ?? textAt(config.value, "affected", "defaultBase");
    const inputs = [...(packages?.locks ?? []), "nx.json"];
    this.#tellGlobals(hasGraph);
    return {
      path: "zr.toml",
      sections: {
        workspace: {
          ...(members.length === 0 ? {} : { members }),
          ...(base === undefined ? {} : { default_base: base }),
          global_inputs: inputs,
        },
        ...(typeof parallel === "number" && parallel > 0
          ? { global: { resources: { max_workers: Math.floor(parallel) } } }
          : {}),
        ...own?.sections,
      },
      sectionComments: {
        "workspace.members": ["Projects that no package.json lists."],
        ...own?.sectionComments,
      },
      tasks: own?.tasks ?? [],
    };
  }

  #tellGlobals(hasGraph: boolean): void {
    const { config, projects } = this.#workspace;
    const at = (key: string): { readonly file: string; readonly line: number } => ({
      file: config.file,
      line: config.line(key),
    });
    for (const key of Object.keys(config.value))
      if (!WITHOUT_MEANING.has(key)) this.#report.leftOut(at(key), key, "zr reads no such setting of nx");
    if (this.#wrap) return;
    if (!hasGraph) {
      if (listAt(config.value, "plugins").length > 0)
        this.#report.leftOut(
          at("plugins"),
          "plugins",
          "targets that they infer are known only when nx has written them down: run 'nx graph --file=graph.json' once, then this again",
        );
      if ([...projects.values()].some(({ manifest }) => manifest === undefined))
        this.#report.approximated(
          at("namedInputs"),
          "",
          "what imports what is known only when nx has written it down: run 'nx graph --file=graph.json' once, then this again",
        );
    }
    if (
      listAt(config.value, "targetDefaults").some((item) =>
        ["projects", "plugin", "source"].some((key) => Object.hasOwn(Object(item), key)),
      )
    )
      this.#report.leftOut(
        at("targetDefaults"),
        "targetDefaults",
        "entries with a filter of projects or plugins are not read",
      );
  }

  projectFile(project: NxProject): ConvertedFile {
    const tasks = uniqueTasks(
      withSharedOutputs([...project.targets.values()].flatMap((target) => this.#tasks(target))),
      project.file,
      this.#report,
    );
    const { needs, projects } = this.#workspace;
    const known = new Set(
      (project.manifest?.needs ?? []).flatMap(
        (name) => [...projects.values()].find(({ manifest }) => manifest?.name === name)?.name ?? [],
      ),
    );
    const deps = (needs.get(project.name) ?? []).filter(
      (name) => !known.has(name) && projects.get(name)?.path !== ".",
    );
    const named =
      project.manifest?.name === project.name ? {} : { name: project.name.replaceAll(/\s+/g, "-") };
    const pkg = {
      ...named,
      ...(project.tags.length === 0 ? {} : { tags: [...project.tags] }),
      ...(deps.length === 0 ? {} : { deps }),
    };
    // Commands find programs as with nx; what npm runs finds them by itself.
    const runsPrograms = tasks.some(({ table }) => typeof table.cmd === "string" || table.cmds !== undefined);
    const programs = runsPrograms ? programsOnPath(project.path === "." ? 1 : 2) : {};
    return {
      path: project.path === "." ? "zr.toml" : `${project.path}/zr.toml`,
      sections: { ...(Object.keys(pkg).length === 0 ? {} : { package: pkg }), ...programs.sections },
      ...(programs.sectionComments === undefined ? {} : { sectionComments: programs.sectionComments }),
      tasks,
    };
  }

  /** A target, and one task more for each of its configurations. */
  #tasks(target: NxTarget): readonly ConvertedTask[] {
    const name = taskName(target.name);
    this.total += 1;
    if (name === undefined) {
      this.#report.leftOut(target.place(), target.name, "no task can have its name");
      return [];
    }
    this.converted += 1;
    for (const key of Object.keys(target.table))
      if (!KNOWN.has(key))
        this.#report.leftOut(target.place(key), `${target.name}.${key}`, "zr has no such setting");
    const standard = textAt(target.table, "defaultConfiguration");
    const configurations = Object.keys(tableAt(target.table, "configurations"));
    const first = this.#task(
      target,
      name,
      standard === undefined || !configurations.includes(standard) ? undefined : standard,
    );
    const others = configurations.flatMap((one) => {
      const full = taskName(`${name}:${one}`);
      return full === undefined ? [] : this.#task(target, full, one);
    });
    const place = target.place();
    return [
      ...first.map((task, index) => (index === 0 ? { ...task, comments: target.comments } : task)),
      ...others,
    ].map((task) => ({ ...task, place }));
  }

  #task(target: NxTarget, name: string, configuration: string | undefined): readonly ConvertedTask[] {
    if (this.#wrap) {
      const full = [
        target.project.name,
        target.name,
        ...(configuration === undefined ? [] : [configuration]),
      ].join(":");
      return [{ name, table: { cmd: ["npx", "nx", "run", literalText(full)], cwd: "//" } }];
    }
    const { packages } = this.#workspace;
    const { byNx, table, parts } = nxCommands(target, {
      manager: packages?.manager ?? "npm",
      report: this.#report,
      ...(configuration === undefined ? {} : { configuration }),
    });
    const description = textAt(target.table, "metadata", "description");
    const about: TaskTable = description === undefined ? {} : { description };
    if (byNx) return [{ name, table: { ...about, ...table, ...this.#serving(target) } }];
    const deps = nxDependencies(target, this.#workspace).filter((text) => this.#canWait(text, target));
    const waiting: TaskTable = deps.length === 0 ? {} : { deps };
    if (parts.length > 0) {
      const names = parts.map((_, index) => `${name}.${index + 1}`);
      if (isCached(target))
        this.#report.approximated(
          target.place("options", "commands"),
          target.name,
          "commands side by side are tasks of their own, which are not cached",
        );
      return [
        { name, table: { ...about, deps: names } },
        ...parts.map((part, index) => ({
          name: names[index] ?? "",
          table: { ...part, ...waiting, ...this.#running(target) },
        })),
      ];
    }
    const isGroup = table.cmd === undefined && table.cmds === undefined;
    return [
      {
        name,
        table: {
          ...about,
          ...(isGroup ? {} : table),
          ...waiting,
          ...(isGroup
            ? {}
            : { ...this.#running(target), ...this.#serving(target), ...this.#caching(target) }),
        },
      },
    ];
  }

  /** What never ends can be waited for only where it says when it is ready. */
  #canWait(text: string, target: NxTarget): boolean {
    const { projects } = this.#workspace;
    for (const project of projects.values())
      for (const other of project.targets.values()) {
        const isMeant =
          project === target.project
            ? text === taskName(other.name)
            : text === `${project.name}:${taskName(other.name) ?? ""}`;
        if (
          !isMeant ||
          other.table["continuous"] !== true ||
          textOrTextsAt(other.table, "options", "readyWhen").length > 0
        )
          continue;
        this.#report.leftOut(
          target.place("dependsOn"),
          text,
          "it never ends and does not say when it is ready, so nothing can wait for it: give it 'ready'",
        );
        return false;
      }
    return true;
  }

  #running({ table }: NxTarget): TaskTable {
    return table["parallelism"] === false ? { resources: { exclusive: true } } : {};
  }

  #serving({ table }: NxTarget): TaskTable {
    return table["continuous"] === true ? { persistent: true } : {};
  }

  #caching(target: NxTarget): TaskTable {
    if (!isCached(target)) return {};
    const { globs, env, unknown } = nxInputs(target, this.#workspace);
    if (unknown.length > 0) {
      this.#report.approximated(
        target.place("inputs"),
        `${target.project.name}:${target.name}`,
        `it is not cached: ${unknown.join(", ")}`,
      );
      return {};
    }
    const outputs = textOrTextsAt(target.table, "outputs").flatMap((text) => outputOf(text, target));
    return {
      cache: true,
      ...(globs === undefined ? {} : { inputs: [...globs] }),
      ...(outputs.length === 0 ? {} : { outputs }),
      ...(env.length === 0 ? {} : { env_inputs: [...env] }),
    };
  }
}

const isCached = ({ table }: NxTarget): boolean => table["cache"] === true && table["continuous"] !== true;

/** A folder means what is in it. */
function outputOf(text: string, { table, project }: NxTarget): readonly string[] {
  let isKnown = true;
  const filled = text.replaceAll(/\{options\.([\w.-]+)\}/g, (_, option: string) => {
    const value = valueAt(table, "options", ...option.split("."));
    if (typeof value !== "string") isKnown = false;
    return typeof value === "string" ? `{workspaceRoot}/${value}` : "";
  });
  if (!isKnown || filled === "") return [];
  const negative = filled.startsWith("!");
  const path = pathOf(negative ? filled.slice(1) : filled, project, project);
  const last = path.slice(path.lastIndexOf("/") + 1);
  const glob = /[*?[{]/.test(path) || /\.\w+$/.test(last) ? path : `${path}/**`;
  return [negative ? `!${glob}` : glob];
}

import { withSharedOutputs } from "#core/migrate/shared-outputs";
import { ok } from "#base/result";
import type { ConvertedFile, ConvertedSections, ConvertedTask, Converter } from "#core/migrate/conversion";
import { ConversionReport } from "#core/migrate/conversion-report";
import { programsOnPath } from "#core/migrate/npm/programs-on-path";
import { uniqueTasks } from "#core/migrate/unique-tasks";
import { isTable, textAt } from "#base/value-at";
import { literalText, taskName } from "#core/migrate/zr-text";
import { convertMoonTask, type MoonContext } from "./moon-task";
import { moonTasks, type MoonTask } from "./moon-tasks";
import { readMoonWorkspace, type MoonProject, type MoonWorkspace } from "./moon-workspace";

const WORKSPACE_KEYS = new Set([
  "$schema",
  "projects",
  "vcs",
  "telemetry",
  "extends",
  "versionConstraint",
  "hasher",
  "pipeline",
  "runner",
  "generator",
  "cache",
  "experiments",
  "defaultProject",
  "notifier",
  "docker",
  "daemon",
]);
const PROJECT_KEYS = new Set([
  "$schema",
  "id",
  "language",
  "layer",
  "type",
  "stack",
  "tags",
  "dependsOn",
  "env",
  "fileGroups",
  "tasks",
  "workspace",
  "project",
  "toolchain",
  "toolchains",
  "platform",
  "docker",
]);
const TOOLS = ["node", "bun", "deno", "go", "rust", "python"];

/** Turns the projects and tasks of moon into a file for each project. */
export const convertMoon: Converter = async ({ folder, reader, wrap }) => {
  const report = new ConversionReport();
  const read = await readMoonWorkspace(folder, reader, report);
  if (!read.ok) return read;
  const workspace = read.value;
  const all = [...workspace.projects.values()].map((project) => ({
    project,
    tasks: moonTasks(project, workspace),
  }));
  const context: MoonContext = {
    workspace,
    tasks: new Map(all.map(({ project, tasks }) => [project.id, new Set(tasks.map(({ id }) => id))])),
    report,
  };
  if (!wrap) tellSettings(workspace, report);
  let converted = 0;
  const files = all.map(({ project, tasks }) => {
    const made = tasks.map((task) => ({
      task,
      converted: wrap ? wrapped(task) : convertedTask(task, context),
    }));
    const done = uniqueTasks(
      withSharedOutputs(made.flatMap((one) => one.converted ?? [])),
      project.source?.file ?? workspace.config.file,
      report,
    );
    converted += done.length;
    const rest = made.flatMap((one) => (one.converted === undefined ? leftOutLines(one.task) : []));
    return projectFile({ project, tasks: done, rest, wrap });
  });
  const own = files.find(({ path }) => path === "zr.toml");
  return ok({
    sources: [
      workspace.config.file,
      ...workspace.shared.map(({ file }) => file),
      ...all.flatMap(({ project }) => project.source?.file ?? []),
    ],
    files: [rootFile(workspace, own), ...files.filter((file) => file !== own)],
    report: report.items,
    total: all.reduce((sum, { tasks }) => sum + tasks.length, 0),
    converted,
  });
};

function wrapped({ id, project }: MoonTask): ConvertedTask | undefined {
  const name = taskName(id);
  return name === undefined
    ? undefined
    : { name, table: { cmd: ["moon", "run", literalText(`${project.id}:${id}`)] } };
}

function convertedTask(task: MoonTask, context: MoonContext): ConvertedTask | undefined {
  const name = taskName(task.id);
  if (name === undefined) {
    context.report.leftOut(task.place(), task.id, "no task can have its name");
    return undefined;
  }
  const table = convertMoonTask(task, context);
  return table === undefined ? undefined : { name, table, comments: task.comments, place: task.place() };
}

function leftOutLines({ id, table, place }: MoonTask): readonly string[] {
  const { file, line } = place();
  const text =
    textAt(table, "script") ??
    JSON.stringify([table["command"], table["args"]].filter((part) => part !== undefined));
  return [
    "",
    `${id} (${file}:${line}) could not be taken over:`,
    ...text
      .trim()
      .split("\n")
      .map((part) => `  ${part}`),
  ];
}

interface ProjectParts {
  readonly project: MoonProject;
  readonly tasks: readonly ConvertedTask[];
  readonly rest: readonly string[];
  readonly wrap: boolean;
}

function projectFile({ project, tasks, rest, wrap }: ProjectParts): ConvertedFile {
  const { id, path, tags, layer, needs, usesNode } = project;
  const isRoot = path === ".";
  const runs = tasks.some(({ table }) => table.cmd !== undefined);
  const programs = usesNode && runs && !wrap ? programsOnPath(isRoot ? 1 : 2) : {};
  return {
    path: isRoot ? "zr.toml" : `${path}/zr.toml`,
    sections: {
      package: {
        name: id,
        ...(tags.length === 0 ? {} : { tags: [...tags] }),
        ...(layer === "unknown" ? {} : { layer }),
        ...(needs.length === 0 ? {} : { deps: [...needs] }),
      },
      ...programs.sections,
    },
    ...(programs.sectionComments === undefined ? {} : { sectionComments: programs.sectionComments }),
    tasks,
    rest,
  };
}

function rootFile(
  { config, projects, toolchain }: MoonWorkspace,
  own: ConvertedFile | undefined,
): ConvertedFile {
  const members = [...projects.values()].flatMap(({ path }) => (path === "." ? [] : [path])).sort();
  const base = textAt(config.value, "vcs", "defaultBranch");
  const tools = Object.fromEntries(
    TOOLS.flatMap((name) => {
      const version = textAt(toolchain?.value, name, "version");
      return version === undefined || !/^v?\d[\w.+-]*$/.test(version) ? [] : [[name, version] as const];
    }),
  );
  const sections: ConvertedSections = {
    workspace: {
      ...(members.length === 0 ? {} : { members }),
      ...(base === undefined ? {} : { default_base: base }),
      global_inputs: [".moon/*.{yml,yaml}"],
    },
    ...(Object.keys(tools).length === 0 ? {} : { tools }),
    ...own?.sections,
  };
  return {
    path: "zr.toml",
    sections,
    ...(own?.sectionComments === undefined ? {} : { sectionComments: own.sectionComments }),
    tasks: own?.tasks ?? [],
    ...(own?.rest === undefined ? {} : { rest: own.rest }),
  };
}

/** Settings that mean something and have no equal. */
function tellSettings({ config, projects }: MoonWorkspace, report: ConversionReport): void {
  for (const key of Object.keys(config.value))
    if (!WORKSPACE_KEYS.has(key))
      report.leftOut({ file: config.file, line: config.line(key) }, key, "zr does not take this over");
  if (isTable(config.value["vcs"]) && config.value["vcs"]["hooks"] !== undefined)
    report.leftOut(
      { file: config.file, line: config.line("vcs", "hooks") },
      "vcs.hooks",
      "zr does not take this over",
    );
  if (config.value["extends"] !== undefined)
    report.leftOut(
      { file: config.file, line: config.line("extends") },
      "extends",
      "only files of the repository are read",
    );
  for (const { source, id } of projects.values())
    for (const key of Object.keys(source?.value ?? {}))
      if (source !== undefined && !PROJECT_KEYS.has(key))
        report.leftOut(
          { file: source.file, line: source.line(key) },
          `${id}.${key}`,
          "zr does not take this over",
        );
}

/** Writes the same tasks in the way of each tool. */

import { bunLock, PACKAGE_MANAGER } from "./bun-workspace";

/** A task to write; one without a command is a group. Names and words contain nothing that needs quoting. */
interface TaskToWrite {
  readonly name: string;
  readonly command?: readonly string[];
  readonly deps: readonly string[];
}

type Files = Readonly<Record<string, string>>;
type Writer = (tasks: readonly TaskToWrite[]) => Files;

/** What each tool needs in an empty folder: file names and contents. */
export const PROJECT_FILES: Readonly<Record<string, Writer>> = {
  zr: (tasks) => ({ "zr.toml": tasks.map(zrTask).join("\n") }),
  make: (tasks) => ({ Makefile: tasks.map(makeRule).join("\n") }),
  ninja: (tasks) => ({ "build.ninja": ninjaFile(tasks) }),
  just: justFile,
  task: (tasks) => ({
    "Taskfile.yml": ["version: '3'", "silent: true", "run: once", "tasks:", ...tasks.map(taskEntry)].join(
      "\n",
    ),
  }),
  mise: (tasks) => ({ "mise.toml": tasks.map(miseTask).join("\n") }),
  turbo: turboFiles,
  moon: moonFiles,
  nx: nxFiles,
};

function zrTask(task: TaskToWrite): string {
  const lines = [`[tasks.${task.name}]`];
  if (task.command !== undefined) lines.push(`cmd = ${quote(task.command.join(" "))}`);
  if (task.deps.length > 0) lines.push(`deps = ${list(task.deps)}`);
  return `${lines.join("\n")}\n`;
}

function makeRule(task: TaskToWrite): string {
  const command = task.command === undefined ? "" : `\t@${task.command.join(" ")}\n`;
  return `.PHONY: ${task.name}\n${task.name}: ${task.deps.join(" ")}\n${command}`;
}

/** Rules differ by command; outputs are never made, so that every start does everything. */
function ninjaFile(tasks: readonly TaskToWrite[]): string {
  const rules = [...new Set(tasks.map((task) => task.command?.join(" ") ?? ""))].filter(
    (line) => line !== "",
  );
  const build = (task: TaskToWrite): string => {
    const rule = task.command === undefined ? "phony" : `r${rules.indexOf(task.command.join(" "))}`;
    return `build ${task.name}: ${rule} ${task.deps.join(" ")}`;
  };
  const header = rules.map((line, index) => `rule r${index}\n  command = ${line}\n`);
  return [...header, ...tasks.map(build), ""].join("\n");
}

/** Its dependencies run one after the other unless a recipe asks otherwise, which is only safe for a flat graph. */
function justFile(tasks: readonly TaskToWrite[]): Files {
  const isFlat = tasks.every((task) => task.command === undefined || task.deps.length === 0);
  const recipe = (task: TaskToWrite): string => {
    const head = [`${task.name}:`, ...task.deps].join(" ");
    if (task.command !== undefined) return `${head}\n    @${task.command.join(" ")}\n`;
    return isFlat ? `[parallel]\n${head}\n` : `${head}\n`;
  };
  return { justfile: tasks.map(recipe).join("\n") };
}

/** Its own shell has a built-in `true`, which starts no process; it is given the program. */
function taskEntry(task: TaskToWrite): string {
  const words = task.command?.map((word, index) => (index === 0 && word === "true" ? "/bin/true" : word));
  const deps = task.deps.length === 0 ? "" : `, deps: ${list(task.deps)}`;
  return `  ${task.name}: { cmds: [${words === undefined ? "" : quote(words.join(" "))}]${deps} }`;
}

function miseTask(task: TaskToWrite): string {
  const lines = [`[tasks.${task.name}]`];
  if (task.command !== undefined) lines.push(`run = ${quote(task.command.join(" "))}`);
  if (task.deps.length > 0) lines.push(`depends = ${list(task.deps)}`);
  return `${lines.join("\n")}\n`;
}

/** Its tasks are package scripts, here of a single package. */
function turboFiles(tasks: readonly TaskToWrite[]): Files {
  const scripts = tasks.filter((task) => task.command !== undefined);
  const entry = (task: TaskToWrite): string =>
    `    "${task.name}": { "cache": false, "dependsOn": ${list(task.deps)} }`;
  // What the stand-in for bun runs; where it finds nothing, it runs `true`.
  const standIns = scripts
    .filter((task) => task.command?.join(" ") !== "true")
    .map((task) => [`scripts/${task.name}`, `exec ${task.command?.join(" ")}\n`] as const);
  return {
    ...Object.fromEntries(standIns),
    "package.json": JSON.stringify({
      name: "bench",
      private: true,
      packageManager: PACKAGE_MANAGER,
      workspaces: [],
      scripts: Object.fromEntries(scripts.map((task) => [task.name, task.command?.join(" ")])),
    }),
    "bun.lock": bunLock([]),
    "turbo.json": `{\n  "ui": "stream",\n  "tasks": {\n${tasks.map(entry).join(",\n")}\n  }\n}\n`,
  };
}

function moonFiles(tasks: readonly TaskToWrite[]): Files {
  const entry = (task: TaskToWrite): string => {
    const command = task.command === undefined ? "noop" : task.command.join(" ");
    return `  ${task.name}: { command: ${quote(command)}, deps: ${list(task.deps.map((dep) => `~:${dep}`))}, options: { cache: false } }`;
  };
  return {
    ".moon/workspace.yml":
      "projects: { bench: '.' }\ntelemetry: false\npipeline: { installDependencies: false }\n",
    "moon.yml": ["tasks:", ...tasks.map(entry), ""].join("\n"),
  };
}

function nxFiles(tasks: readonly TaskToWrite[]): Files {
  const target = (task: TaskToWrite): object =>
    task.command === undefined
      ? { executor: "nx:noop", dependsOn: task.deps }
      : { executor: "nx:run-commands", dependsOn: task.deps, options: { command: task.command.join(" ") } };
  return {
    "package.json": JSON.stringify({ name: "bench", private: true }),
    "nx.json": JSON.stringify({ analytics: false, neverConnectToCloud: true }),
    "project.json": JSON.stringify({
      name: "bench",
      targets: Object.fromEntries(tasks.map((task) => [task.name, target(task)])),
    }),
  };
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function list(names: readonly string[]): string {
  return `[${names.map(quote).join(", ")}]`;
}

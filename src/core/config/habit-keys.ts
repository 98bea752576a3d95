import { global } from "./schema/global";
import { taskTable } from "./schema/task";
import { parameter } from "./schema/task-parts";
import { document } from "./schema/sections";
import { workflow } from "./schema/workflow";
import { tomlText } from "./habit-text";

/** What stands for a key of another tool. */
export interface Habit {
  /** The key of zr. */
  readonly use?: string;
  /** How it is written. */
  readonly hint?: string;
}

type HabitTable = Readonly<Record<string, string | ((value: unknown) => Habit)>>;

const SECTIONS: HabitTable = {
  task: "tasks",
  jobs: "tasks",
  job: "tasks",
  scripts: "tasks",
  script: "tasks",
  targets: "tasks",
  target: "tasks",
  recipes: "tasks",
  commands: "tasks",
  command: "tasks",
  pipeline: "tasks",
  pipelines: "workflows",
  workflow: "workflows",
  includes: () => ({ use: "include", hint: 'write include = ["ci.toml"] above the first section' }),
  import: () => ({ use: "include", hint: 'write include = ["ci.toml"] above the first section' }),
  environment: "env",
  variables: "env",
  var: "vars",
  settings: "global",
  config: "global",
  set: "global",
  options: "global",
  aliases: "alias",
  profile: "profiles",
  template: "templates",
  toolchain: "tools",
  tool: "tools",
  packages: () => ({ use: "workspace", hint: 'write [workspace] and members = ["apps/*"]' }),
  projects: () => ({ use: "workspace", hint: 'write [workspace] and members = ["apps/*"]' }),
  members: () => ({ use: "workspace", hint: "write [workspace] above members" }),
};

const listOr =
  (one: string, many: string) =>
  (value: unknown): Habit => ({ use: Array.isArray(value) ? many : one });
const inTime =
  (unit: string) =>
  (value: unknown): Habit => ({
    use: "timeout",
    ...(typeof value === "number" ? { hint: `write timeout = "${value}${unit}"` } : {}),
  });

const TASK: HabitTable = {
  command: listOr("cmd", "cmds"),
  commands: "cmds",
  run: listOr("cmd", "cmds"),
  exec: listOr("cmd", "cmds"),
  shell_cmd: "cmd",
  steps: "cmds",
  recipe: "cmds",
  body: "script",
  needs: "deps",
  depends: "deps",
  depends_on: "deps",
  dependencies: "deps",
  dependency: "deps",
  prereqs: "deps",
  prerequisites: "deps",
  requires: "deps",
  before: "deps",
  after: "deps",
  dir: "cwd",
  directory: "cwd",
  workdir: "cwd",
  working_dir: "cwd",
  working_directory: "cwd",
  desc: "description",
  summary: "description",
  help: "description",
  doc: "description",
  sources: "inputs",
  input: "inputs",
  srcs: "inputs",
  files: "inputs",
  generates: "outputs",
  outs: "outputs",
  out: "outputs",
  output: "outputs",
  produces: "outputs",
  targets: "outputs",
  if: "condition",
  when: "condition",
  only_if: "condition",
  unless: "skip_if",
  timeout_minutes: inTime("m"),
  timeout_seconds: inTime("s"),
  timeout_ms: inTime("ms"),
  continue_on_error: "allow_failure",
  ignore_error: "allow_failure",
  ignore_errors: "allow_failure",
  ignore_failure: "allow_failure",
  environment: "env",
  variables: "env",
  vars: "env",
  envs: "env",
  pass_through_env: "env_inputs",
  global_env: "env_inputs",
  alias: (value) => ({
    use: "aliases",
    ...(typeof value === "string" ? { hint: `write aliases = [${tomlText(value)}]` } : {}),
  }),
  private: "hidden",
  internal: "hidden",
  hide: "hidden",
  quiet: "silent",
  retries: "retry",
  attempts: "retry",
  max_attempts: "retry",
  strategy: () => ({ use: "matrix", hint: "write matrix without strategy around it" }),
  prompt: "confirm",
  confirmation: "confirm",
  params: "args",
  parameters: "args",
  arguments: "args",
  platform: "platforms",
  os: "platforms",
  runs_on: () => ({
    use: "platforms",
    hint: "tasks run on this machine; platforms says on which kinds they may",
  }),
  image: () => ({ hint: "tasks run on this machine; a container is started by the command itself" }),
  parallel: () => ({ hint: "deps run at the same time as it is; deps_serial runs them one after the other" }),
  serial: () => ({ use: "deps_serial" }),
  sequence: "cmds",
  default: () => ({ hint: "there is no default task; zr without words lists them or asks" }),
};

const PARAMETER: HabitTable = {
  kind: "type",
  options: "choices",
  enum: "choices",
  values: "choices",
  allowed: "choices",
  help: "description",
  desc: "description",
  optional: () => ({ use: "required", hint: "a parameter is optional unless it has required = true" }),
  multiple: "variadic",
};

const WORKFLOW: HabitTable = {
  jobs: "stages",
  phases: "stages",
  tasks: (value) => ({
    use: "stages",
    hint: `write stages = [{ tasks = ${Array.isArray(value) ? tomlText(value) : '["build"]'} }]`,
  }),
  params: "inputs",
  parameters: "inputs",
  args: "inputs",
  desc: "description",
  on: "triggers",
  deps: () => ({
    use: "stages",
    hint: "stages run one after another; what is to run first is an earlier one",
  }),
};

const STAGE: HabitTable = {
  run: "tasks",
  steps: "tasks",
  jobs: "tasks",
  task: (value) => ({
    use: "tasks",
    ...(typeof value === "string" ? { hint: `write tasks = [${tomlText(value)}]` } : {}),
  }),
  cmd: () => ({ use: "tasks", hint: "a stage runs tasks; write the command as a task" }),
  needs: () => ({ hint: "stages run one after another, in the order of the file" }),
  depends_on: () => ({ hint: "stages run one after another, in the order of the file" }),
  if: "condition",
  when: "condition",
  continue_on_error: "allow_failure",
  manual: "approval",
  matrix: "for_each",
};

const WORKSPACE: HabitTable = {
  packages: "members",
  projects: "members",
  globs: "members",
  ignore: "exclude",
};

const own = (table: HabitTable, key: string): HabitTable[string] | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** `continueOnError`, `continue-on-error` and `Continue_On_Error` are one key. */
const snake = (key: string): string =>
  key
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_")
    .replaceAll("-", "_")
    .toLowerCase();

interface Key {
  readonly key: string;
  readonly value: unknown;
}

/** `fields` are the keys that the table has in zr. */
function find(table: HabitTable, fields: object, { key, value }: Key): Habit | undefined {
  const name = snake(key);
  if (name !== key && Object.hasOwn(fields, name)) return { use: name };
  const habit = own(table, name);
  return typeof habit === "string" ? { use: habit } : habit?.(value);
}

/** A key at the top of the file. */
export function sectionHabit(key: string, value: unknown): Habit | undefined {
  const isTable = typeof value === "object" && value !== null;
  const name = snake(key);
  if (!isTable && (Object.hasOwn(taskTable.fields, name) || typeof own(TASK, name) === "string")) {
    const isGlobal = Object.hasOwn(global.fields, name);
    return {
      hint: isGlobal
        ? `${name} for all tasks stands below [global]`
        : "keys of a task stand below its name, as in [tasks.build]",
    };
  }
  if (Object.hasOwn(global.fields, name) && !Object.hasOwn(document.fields, name))
    return { hint: `${name} stands below [global]` };
  return find(SECTIONS, document.fields, { key, value });
}

export const taskHabit = (key: string, value: unknown): Habit | undefined =>
  find(TASK, taskTable.fields, { key, value });

export const parameterHabit = (key: string, value: unknown): Habit | undefined =>
  find(PARAMETER, parameter.fields, { key, value });

export const workflowHabit = (key: string, value: unknown): Habit | undefined =>
  find(WORKFLOW, workflow.fields, { key, value });

export const stageHabit = (key: string, value: unknown): Habit | undefined => find(STAGE, {}, { key, value });

export const workspaceHabit = (key: string, value: unknown): Habit | undefined =>
  find(WORKSPACE, {}, { key, value });

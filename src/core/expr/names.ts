import type { ResultGroup } from "./host";
import { types } from "./types";
import type { ExprType } from "./types";

/**
 * Where an expression stands, which decides what it may speak of. `task`: before a task runs (`condition`,
 * `preconditions`, `deps[].if`). `handler`: before a task runs that handles the end of another one (`on_failure`,
 * `on_success`, `finally`). `result`: after a task ran (`output_if`). `stage`: a workflow's stage. `filter`: constraint
 * filters and `--where`.
 */
export type ExprSite = "task" | "handler" | "result" | "stage" | "filter";

export interface ExprField {
  readonly name: string;
  readonly type: ExprType;
  readonly doc: string;
}

/** What may be written after a name. */
export type NameShape =
  /** Nothing: it is a value. */
  | { readonly kind: "value"; readonly type: ExprType }
  /** One of these. */
  | { readonly kind: "fields"; readonly fields: readonly ExprField[] }
  /** Any key that is declared: `matrix.os`. */
  | { readonly kind: "keys"; readonly of: "env" | "matrix" | "args" | "vars" | "output" }
  /** The name of a task, stage or step, then one of these. */
  | { readonly kind: "results"; readonly group: ResultGroup; readonly fields: readonly ExprField[] };

export interface ExprName {
  readonly name: string;
  readonly shape: NameShape;
  readonly doc: string;
  readonly example: string;
  readonly sites: readonly ExprSite[];
}

const EVERYWHERE: readonly ExprSite[] = ["task", "handler", "result", "stage", "filter"];
const IN_RUN: readonly ExprSite[] = ["task", "handler", "result", "stage"];
const OF_TASK: readonly ExprSite[] = ["task", "handler", "result", "filter"];
/** An end is known: the task's own, or that of the task it handles. */
const AT_END: readonly ExprSite[] = ["handler", "result"];

const STAGE_FIELDS: readonly ExprField[] = [
  { name: "success", type: types.boolean, doc: "It ended well." },
  { name: "failed", type: types.boolean, doc: "It failed." },
  { name: "skipped", type: types.boolean, doc: "It was skipped." },
  { name: "duration", type: types.duration, doc: "How long it took." },
];
const TASK_FIELDS: readonly ExprField[] = [
  ...STAGE_FIELDS,
  { name: "cached", type: types.boolean, doc: "Its result came from the cache." },
  { name: "exit_code", type: types.nullableNumber, doc: "Exit code of its command; null where none ran." },
];

const value = (type: ExprType): NameShape => ({ kind: "value", type });

/** Every name of the language, in the order of the documentation. */
export const exprNames: readonly ExprName[] = [
  {
    name: "env",
    shape: { kind: "keys", of: "env" },
    doc: "Environment variable as the task would see it. One that is not set is null, which is false.",
    example: "env.DEPLOY_TOKEN != null",
    sites: EVERYWHERE,
  },
  {
    name: "platform",
    shape: value(types.string),
    doc: "`linux`, `darwin` or `windows`; `macos` is equal to `darwin`.",
    example: "platform == 'linux'",
    sites: EVERYWHERE,
  },
  {
    name: "arch",
    shape: value(types.string),
    doc: "`x86_64` or `aarch64`; `x64` and `arm64` are equal to them.",
    example: "arch in ['x64', 'arm64']",
    sites: EVERYWHERE,
  },
  {
    name: "ci",
    shape: value(types.boolean),
    doc: "Whether zr runs in continuous integration.",
    example: "ci && branch == 'main'",
    sites: EVERYWHERE,
  },
  {
    name: "tty",
    shape: value(types.boolean),
    doc: "Whether zr runs on a terminal.",
    example: "tty ? true : ci",
    sites: EVERYWHERE,
  },
  {
    name: "branch",
    shape: value(types.nullableString),
    doc: "Current git branch; null outside a repository and on a detached commit.",
    example: "branch =~ '^release/'",
    sites: EVERYWHERE,
  },
  {
    name: "git",
    shape: {
      kind: "fields",
      fields: [
        { name: "sha", type: types.nullableString, doc: "Full id of the current commit." },
        {
          name: "dirty",
          type: types.nullableBoolean,
          doc: "Whether tracked files have uncommitted changes.",
        },
        { name: "tag", type: types.nullableString, doc: "Tag of the current commit." },
        { name: "base", type: types.nullableString, doc: "Commit that changes are compared with." },
        { name: "branch", type: types.nullableString, doc: "The same as `branch`." },
      ],
    },
    doc: "The repository, read when it is first asked for; all null outside of one.",
    example: "git.tag != null && !git.dirty",
    sites: EVERYWHERE,
  },
  {
    name: "matrix",
    shape: { kind: "keys", of: "matrix" },
    doc: "This instance's value of a matrix dimension.",
    example: "matrix.os == 'linux'",
    sites: IN_RUN,
  },
  {
    name: "args",
    shape: { kind: "keys", of: "args" },
    doc: "A declared argument of the task or input of the workflow; null where it was not given and has no default.",
    example: "args.region == 'eu'",
    sites: IN_RUN,
  },
  {
    name: "vars",
    shape: { kind: "keys", of: "vars" },
    doc: "A value of `[vars]`.",
    example: "vars.tier == 'gold'",
    sites: EVERYWHERE,
  },
  {
    name: "stages",
    shape: { kind: "results", group: "stages", fields: STAGE_FIELDS },
    doc: "An earlier stage of the workflow.",
    example: "stages['test'].success",
    sites: ["stage", "result"],
  },
  {
    name: "steps",
    shape: { kind: "results", group: "steps", fields: STAGE_FIELDS },
    doc: "An earlier step of a workflow written as `steps`.",
    example: "steps.build.success",
    sites: ["stage", "result"],
  },
  {
    name: "tasks",
    shape: { kind: "results", group: "tasks", fields: TASK_FIELDS },
    doc: "A task upstream of this one, finished in this run.",
    example: "tasks['build'].duration > 30s",
    sites: IN_RUN,
  },
  {
    name: "exit_code",
    shape: value(types.nullableNumber),
    doc: "Exit code of the task itself, for a handler of the task it belongs to; null where no command ran or a signal ended it.",
    example: "exit_code in [1, 75]",
    sites: AT_END,
  },
  {
    name: "allow_failure",
    shape: value(types.boolean),
    doc: "Whether the task itself, for a handler the task it belongs to, may fail without failing the run.",
    example: "!allow_failure",
    sites: AT_END,
  },
  {
    name: "attempt",
    shape: value(types.number),
    doc: "Which attempt this was, from 1; for a handler the last one of the task it belongs to, 0 where none was started.",
    example: "attempt < 3",
    sites: AT_END,
  },
  {
    name: "output",
    shape: { kind: "keys", of: "output" },
    doc: 'The shared output of an upstream task: its text, or its data with `share_output = "json"`.',
    example: "output['version'] != ''",
    sites: IN_RUN,
  },
  {
    name: "package",
    shape: {
      kind: "fields",
      fields: [
        { name: "name", type: types.string, doc: "Name of the package." },
        { name: "path", type: types.string, doc: "Its folder, relative to the workspace root." },
        { name: "tags", type: types.strings, doc: "Its tags." },
      ],
    },
    doc: "The package of the task.",
    example: "'web' in package.tags",
    sites: OF_TASK,
  },
  {
    name: "workspace",
    shape: {
      kind: "fields",
      fields: [{ name: "root", type: types.string, doc: "Absolute path of the workspace root." }],
    },
    doc: "The workspace.",
    example: "startsWith(workspace.root, '/srv/')",
    sites: EVERYWHERE,
  },
  {
    name: "task",
    shape: {
      kind: "fields",
      fields: [
        { name: "name", type: types.string, doc: "Name of the task." },
        { name: "tags", type: types.strings, doc: "Its tags." },
      ],
    },
    doc: "The task itself.",
    example: "'slow' in task.tags",
    sites: OF_TASK,
  },
  {
    name: "affected",
    shape: value(types.boolean),
    doc: "Whether the package is affected by what changed against the base.",
    example: "ci ? affected : true",
    sites: OF_TASK,
  },
];

const byName = new Map(exprNames.map((entry) => [entry.name, entry]));

export const findName = (name: string): ExprName | undefined => byName.get(name);

/** Namespaces of `${namespace.key}` in strings. */
export const templateNamespaces = [
  "matrix",
  "args",
  "vars",
  "env",
  "output",
  "match",
  "task",
  "package",
  "workspace",
  "git",
  "run",
] as const;

export type TemplateNamespace = (typeof templateNamespaces)[number];

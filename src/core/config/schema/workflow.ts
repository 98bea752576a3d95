import { env } from "./env";
import {
  any,
  boolean,
  duration,
  expression,
  formatted,
  integer,
  list,
  map,
  number,
  oneOrMany,
  string,
  table,
  union,
} from "./kinds";
import type { ValueOf } from "./kinds";
import { parameter } from "./task-parts";

const taskRef = formatted("task-ref");

const call = union(
  taskRef,
  table(
    () => ({
      task: { kind: taskRef, doc: "The task." },
      args: {
        kind: union(list(string), map(union(string, boolean, number(-1e308, 1e308)))),
        doc: "Its arguments: words, or by name.",
      },
      env: { kind: env, doc: "Variables for it." },
    }),
    ["task"],
  ),
);

const calls = list(call);

const stage = table(
  () => ({
    name: { kind: formatted("stage-name"), doc: "Name of the stage.", default: '"stage-1" and so on' },
    tasks: {
      kind: calls,
      doc: "What it runs, each with its dependencies.",
      example: '["lint", { task = "deploy", args = { region = "${args.region}" } }]',
    },
    parallel: {
      kind: boolean,
      doc: "Run its tasks at the same time, not one after another.",
      default: "true",
    },
    condition: {
      kind: expression,
      doc: "False: the stage is skipped. One that speaks of earlier stages is asked even after one of them has failed.",
    },
    fail_fast: {
      kind: boolean,
      doc: "A failure stops starting further tasks of the stage.",
      default: "that of `[global]`",
    },
    approval: { kind: union(boolean, string), doc: "Ask a person first; the text is the question." },
    timeout: { kind: duration, doc: "Of the whole stage." },
    retry: {
      kind: integer(0, 100),
      doc: "Further attempts of each of its tasks that does not say itself how often to try.",
      default: "0",
    },
    for_each: {
      kind: union(formatted("matrix-axis"), list(union(string, boolean, number(-1e308, 1e308)))),
      doc: "Run the tasks once for each value: those of a matrix axis of theirs, or these, as `${matrix.item}`.",
      example: '"matrix.target"',
    },
    allow_failure: {
      kind: boolean,
      doc: "Its failure is reported, and the workflow goes on.",
      default: "false",
    },
    env: { kind: env, doc: "Variables of its tasks, over their own." },
  }),
  ["tasks"],
);

const end = union(
  oneOrMany(taskRef),
  table(
    () => ({
      run: { kind: oneOrMany(taskRef), doc: "What to run." },
      always: {
        kind: boolean,
        doc: "Also where the workflow was interrupted or ran out of time.",
        default: "true",
      },
    }),
    ["run"],
  ),
);

/** `[workflows.X]`: ordered stages of tasks. */
export const workflow = table(() => ({
  description: { kind: string, doc: "One line for the listing." },
  env: { kind: env, doc: "Variables of all stages." },
  inputs: { kind: list(parameter), doc: "Typed parameters." },
  concurrency: {
    kind: union(
      string,
      table(
        () => ({
          group: { kind: string, doc: "One run of the group at a time; others wait." },
          cancel_in_progress: {
            kind: boolean,
            doc: "A new run stops the old one instead of waiting for it.",
            default: "false",
          },
        }),
        ["group"],
      ),
    ),
    doc: "Keeps runs of the same group apart.",
  },
  timeout: { kind: duration, doc: "Of the whole workflow." },
  triggers: { kind: list(any), doc: "What starts it on a server.", later: "the server" },
  stages: { kind: list(stage), doc: "Run in order." },
  steps: {
    kind: list(
      table(
        () => ({
          run: { kind: call, doc: "The task." },
          condition: { kind: expression, doc: "False: the step is skipped." },
          name: { kind: formatted("stage-name"), doc: "Name of the step.", default: "that of the task" },
        }),
        ["run"],
      ),
    ),
    doc: "Compact form: one stage a step.",
  },
  retry_budget: { kind: integer(0, 10_000), doc: "Bounds the retries of the whole workflow." },
  on_failure: { kind: end, doc: "Run when it has failed." },
  on_success: { kind: end, doc: "Run when it has succeeded." },
  finally: { kind: end, doc: "Run in the end, however it went." },
  runner: { kind: any, doc: "Where a server runs it.", later: "the server" },
  environment: { kind: string, doc: "Deployment environment on a server.", later: "the server" },
}));

export type WorkflowTable = ValueOf<typeof workflow>;
export type StageTable = ValueOf<typeof stage>;
export type StageCall = ValueOf<typeof call>;
export type WorkflowEndTable = ValueOf<typeof end>;

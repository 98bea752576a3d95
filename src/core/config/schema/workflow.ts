import { env } from "./env";
import {
  any,
  boolean,
  duration,
  expression,
  formatted,
  integer,
  list,
  oneOf,
  oneOrMany,
  string,
  table,
  union,
} from "./kinds";
import { parameter } from "./task";

const taskRef = formatted("task-ref");

const stage = table(() => ({
  name: { kind: string, doc: "Name of the stage." },
  tasks: { kind: list(taskRef), doc: "What it runs." },
  parallel: { kind: boolean, doc: "Run its tasks at the same time.", default: "true" },
  condition: { kind: expression, doc: "False: the stage is skipped." },
  fail_fast: { kind: boolean, doc: "Stop the stage at its first failure.", default: "true" },
  approval: { kind: union(boolean, string), doc: "Wait for a person." },
  timeout: { kind: duration, doc: "Of the whole stage." },
  retry: { kind: integer(0, 100), doc: "Further attempts of the stage.", default: "0" },
  for_each: { kind: union(string, list(any)), doc: "Run the stage once for each value." },
  allow_failure: { kind: boolean, doc: "Later stages go on.", default: "false" },
  env: { kind: env, doc: "Variables of the stage." },
}));

const handler = table(() => ({
  run: { kind: oneOrMany(taskRef), doc: "What to run." },
  always: { kind: boolean, doc: "Also where the workflow was interrupted.", default: "true" },
}));

/** `[workflows.X]`: ordered stages of tasks. */
export const workflow = table(() => ({
  description: { kind: string, doc: "One line for the listing." },
  env: { kind: env, doc: "Variables of all stages." },
  inputs: { kind: list(parameter), doc: "Typed parameters." },
  concurrency: {
    kind: table(() => ({
      group: { kind: string, doc: "One run of the group at a time." },
      cancel_in_progress: { kind: boolean, doc: "A new run ends the old one.", default: "false" },
    })),
    doc: "How runs of it share.",
  },
  timeout: { kind: duration, doc: "Of the whole workflow." },
  triggers: { kind: list(any), doc: "What starts it on a server." },
  stages: { kind: list(stage), doc: "Run in order." },
  steps: {
    kind: list(
      table(
        () => ({
          run: { kind: taskRef, doc: "The task." },
          condition: { kind: expression, doc: "False: the step is skipped." },
          name: { kind: string, doc: "Name of the step." },
        }),
        ["run"],
      ),
    ),
    doc: "Compact form: one stage a step.",
  },
  retry_budget: { kind: integer(0, 10_000), doc: "Bounds the retries of the whole workflow." },
  on_failure: { kind: handler, doc: "Run when it fails." },
  on_success: { kind: handler, doc: "Run when it succeeds." },
  finally: { kind: handler, doc: "Run in the end." },
  runner: { kind: any, doc: "Where a server runs it." },
  environment: { kind: string, doc: "Deployment environment on a server." },
  fail_fast: { kind: oneOf("stage", "workflow"), doc: "What a failure stops." },
}));

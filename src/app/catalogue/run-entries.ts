import { ARGS, PARAMS, RUN, STATUS, TASK, TRUNCATED, VERBOSE } from "./inputs";
import type { Effects, Operation } from "./operation";
import { count, flag, listOf, mapOf, object, text } from "./schema";
import type { ObjectSchema } from "./schema";

const runs = async () => import("./run-bodies");

/** What tasks do is theirs: it may be anything. */
const RUNS: Effects = { readOnly: false, destructive: true, idempotent: false, openWorld: true };

/** What is told of a run. */
const RUN_OUTPUT: ObjectSchema = object({
  run: text("Id of the run."),
  status: STATUS,
  "exitCode?": { type: "integer" },
  durationMs: count(),
  tasks: mapOf(count(), "How many tasks are in which state."),
  "workflow?": text(),
  "stages?": mapOf(text()),
  "failed?": listOf(
    object({
      task: text(),
      why: text(),
      "command?": text(),
      "attempts?": count(),
      "problems?": listOf(object({ file: text(), line: count(), "column?": count(), message: text() })),
      "output?": text("The last lines of it."),
      "lines?": count("Of the whole output."),
    }),
  ),
  "moreFailed?": listOf(text()),
  "output?": mapOf(text(), "The last lines of tasks."),
  "instances?": listOf(object({ task: text(), state: text(), durationMs: count() })),
  "truncated?": TRUNCATED,
});

const CONFIRM = flag("Agree to what tasks ask with `confirm`.");
const BACKGROUND = flag("Return the run's id at once; ask get_run for its state.");

/** Operations that start and stop runs, and look at them. */
export const runOperations: readonly Operation[] = [
  {
    name: "run_task",
    title: "Run a task",
    description:
      "Runs a task with what it depends on and waits. Of a failure: the cause, errors with file and line, the last lines of output. get_logs has the rest.",
    input: object({
      task: TASK,
      "package?": text("Package of the task, where its name does not say."),
      "args?": ARGS,
      "params?": PARAMS,
      "background?": BACKGROUND,
      "confirm?": CONFIRM,
      "force?": flag("Run also what is cached."),
      "keepGoing?": flag("Go on after a failure with what does not depend on it."),
      "verbose?": VERBOSE,
    }),
    output: RUN_OUTPUT,
    effects: RUNS,
    load: async () => (await runs()).runTaskBody,
  },
  {
    name: "run_workflow",
    title: "Run a workflow",
    description: "Runs a workflow, stage by stage, and waits. The answer is that of run_task, with stages.",
    input: object({
      workflow: text("Name of the workflow."),
      "params?": mapOf(true, "Its inputs by name."),
      "stage?": text("Run this stage alone."),
      "background?": BACKGROUND,
      "confirm?": CONFIRM,
      "verbose?": VERBOSE,
    }),
    output: RUN_OUTPUT,
    effects: RUNS,
    load: async () => (await runs()).runWorkflowBody,
  },
  {
    name: "cancel_run",
    title: "Cancel a run",
    description: "Stops a run that this server has started, and waits until nothing of it is left.",
    input: object({ "run?": text("Id of the run; the one that was started last by default.") }),
    output: RUN_OUTPUT,
    effects: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
    load: async () => (await runs()).cancelRunBody,
  },
  {
    name: "get_run",
    title: "Get a run",
    description: "How a run ended or how far it is: state of its tasks, what failed and why.",
    input: object({ "run?": RUN, "wait?": flag("Wait until it has ended."), "verbose?": VERBOSE }),
    output: RUN_OUTPUT,
    effects: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    load: async () => (await runs()).getRunBody,
  },
];

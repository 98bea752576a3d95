import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { RunEvent } from "#core/model/event";
import type { Invocation } from "#engine/history/stored-run";
import { wallMs } from "#system/clock/clock";
import { planWorkflowRun } from "#app/operations/plan-workflow-run";
import type { PlannedRun } from "#app/operations/plan-run";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { findSeenRun } from "./find-seen-run";
import type { OperationAnswer, OperationBody, OperationContext } from "./operation";
import type { OperationInput } from "./operation-input";
import { planTask } from "./plan-task";
import { hasFailed, runAnswer, seenDeskRun } from "./run-answer";
import type { SeenRun } from "./run-answer";
import type { DeskRun } from "./run-desk";
import { runLog } from "./run-log";
import { startDeskRun } from "./start-desk-run";
import { load, planBase } from "./workspace-load";

export const runTaskBody: OperationBody = async (input, context) => {
  const asked = await planTask(input, context);
  if (!asked.ok) return asked;
  const { planned, words, extra } = asked.value;
  return carryOut(planned, invocation("run", words, { extra, context }), { input, context });
};

export const runWorkflowBody: OperationBody = async (input, context) => {
  const loaded = await load(context);
  if (!loaded.ok) return loaded;
  const name = input.needed("workflow");
  const stage = input.text("stage");
  const inputs = input.table("params");
  const planned = await planWorkflowRun(loaded.value, {
    ...planBase(context),
    name,
    words: [],
    inputs,
    only: stage === undefined ? [] : [stage],
    approve: [],
  });
  if (!planned.ok) return planned;
  const options = [
    ...(stage === undefined ? [] : [`--only=${stage}`]),
    ...Object.entries(inputs).map(([key, value]) => `--input=${key}=${value}`),
  ];
  const kept = { ...invocation("workflow", [name], { extra: [], context }), options };
  return carryOut(planned.value, kept, { input, context });
};

function invocation(
  command: string,
  words: readonly string[],
  { extra, context }: { readonly extra: readonly string[]; readonly context: OperationContext },
): Invocation {
  const { cwd, profile } = context;
  return { command, options: [], words, extra, cwd, ...(profile === undefined ? {} : { profile }) };
}

interface Asked {
  readonly input: OperationInput;
  readonly context: OperationContext;
}

/** Starts a run and waits for it, unless it is to go on by itself. */
async function carryOut(
  planned: PlannedRun,
  kept: Invocation,
  { input, context }: Asked,
): Promise<Result<OperationAnswer, Problems>> {
  const { requested, instances } = planned.plan;
  // A server runs until it is stopped: nobody could wait for its end.
  const isServer = instances.some(({ id, persistent }) => persistent && requested.includes(id));
  const started = await startDeskRun(planned, context, {
    invocation: kept,
    confirm: input.isOn("confirm"),
    keepGoing: input.isOn("keepGoing"),
    force: input.isOn("force"),
    onEvent: hearerOf(context, planned),
  });
  if (!started.ok) return started;
  const run = started.value;
  if (!input.isOn("background") && !isServer) await waitFor(run, context.signal);
  return answerOf(run, { input, context });
}

/** Waits until a run has ended; where nobody waits for that any more, it is stopped. */
async function waitFor(run: DeskRun, signal: AbortSignal): Promise<void> {
  const stop = (): void => run.cancel();
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  await run.done;
  signal.removeEventListener("abort", stop);
}

async function answerOf(run: DeskRun, { input, context }: Asked): Promise<Result<OperationAnswer, Problems>> {
  const seen = seenDeskRun(run, wallMs());
  const value = await answer(seen, context, input.isOn("verbose"));
  return ok({ value, failed: hasFailed(seen) });
}

const answer = async (
  seen: SeenRun,
  { words, masking }: OperationContext,
  verbose: boolean,
): ReturnType<typeof runAnswer> => runAnswer(seen, { words, verbose, mask: await masking() });

function hearerOf(context: OperationContext, planned: PlannedRun): (event: RunEvent, run: DeskRun) => void {
  const progress = progressOf(context, planned);
  const log = runLog(context);
  return (event, run) => {
    progress(event, run);
    log(event, run);
  };
}

/** Tells of every instance that starts and ends; both are a step, of one that is not started the end is two. */
function progressOf(
  { progress, words }: OperationContext,
  { plan }: PlannedRun,
): (event: RunEvent, run: DeskRun) => void {
  const total = 2 * plan.instances.length;
  const started = new Set<string>();
  let done = 0;
  return (event) => {
    if (event.type === "instance.started" && !started.has(event.id)) {
      started.add(event.id);
      progress((done += 1), total, `${event.id} started`);
    }
    if (event.type === "instance.finished") {
      done += started.has(event.id) ? 1 : 2;
      progress(done, total, `${event.id} ${words.outcome(event.outcome)}`);
    }
  };
}

export const cancelRunBody: OperationBody = async (input, context) => {
  const reference = input.text("run") ?? context.runs.active.at(-1)?.id ?? "last";
  const run = context.runs.find(reference);
  if (run === undefined) return err(notOurs(reference, input.text("run") === undefined));
  run.cancel();
  await run.done;
  const seen = seenDeskRun(run, wallMs());
  return ok({ value: await answer(seen, context, false) });
};

/** Only what this server has started can it stop. */
const notOurs = (name: string, isLeftOut: boolean): Problems =>
  isLeftOut
    ? usageProblem("E184", { command: "cancel_run", what: "a run in progress that this server has started" })
    : usageProblem("E400", { name, why: " that this server has started" });

export const getRunBody: OperationBody = async (input, context) => {
  const reference = input.text("run") ?? "last";
  const onDesk = context.runs.find(reference);
  if (onDesk !== undefined) {
    if (input.isOn("wait")) await Promise.race([onDesk.done, aborted(context.signal)]);
    const seen = seenDeskRun(onDesk, wallMs());
    return ok({ value: await answer(seen, context, input.isOn("verbose")) });
  }
  const found = await findSeenRun(reference, context);
  if (!found.ok) return found;
  return ok({ value: await answer(found.value.seen, context, input.isOn("verbose")) });
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

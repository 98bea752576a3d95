import type { RunEvent } from "#core/model/event";
import type { InstanceId, RunId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { RunRecord } from "#core/model/record";
import type { Workspace } from "#core/workspace/workspace";
import { settledPart } from "#core/plan/failed-part";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { CacheOptions } from "#app/open-task-cache";
import { loadWorkspace } from "#app/load-workspace";
import type { LoadOptions } from "#app/load-workspace";
import { planLoaded } from "#app/operations/plan-run";
import type { PlanInput, PlannedRun } from "#app/operations/plan-run";
import { newRunId, startRun } from "#app/operations/run";
import type { Problems } from "#app/problems";
import { openRunHistory } from "#app/run-history";
import type { Confirm } from "#engine/exec/run-context";
import type { StartedPlan } from "#engine/exec/run-plan";
import type { Invocation } from "#engine/history/stored-run";
import type { TaskItem } from "./task-item";

/** What all runs of the screen have in common. */
export interface RunSetting {
  readonly load: LoadOptions;
  readonly input: Omit<PlanInput, "words" | "extra">;
  readonly cache: CacheOptions;
  readonly failFast: boolean | undefined;
  /** How the history keeps a run, so that it can be given again. */
  readonly invocation: (command: "run" | "workflow", words: readonly string[]) => Invocation;
  readonly confirm: Confirm;
}

/** A run that goes on. */
export interface HostedRun {
  readonly run: RunId;
  readonly control: StartedPlan["control"];
  /** Settled with the exit code when everything is over and recorded. */
  readonly over: Promise<number>;
}

export interface RunRequest {
  readonly item: TaskItem;
  readonly words: readonly string[];
  /** Only what went wrong there, and what needs it. */
  readonly failedOf?: RunRecord;
  readonly event: (event: RunEvent) => void;
  /** Called when the run has been started, before its first event. */
  readonly accepted: (run: RunId) => void;
  /** Called with the configuration that the run is planned over. */
  readonly reloaded: (workspace: Workspace) => void;
  /** Called before a run is started whose tasks want the terminal for themselves, and when it is over. */
  readonly needsTerminal: (isNeeded: boolean) => void;
}

/** Plans and starts a run over the configuration as it is now. Its events are told as those of every run are. */
export async function hostRun(
  setting: RunSetting,
  request: RunRequest,
): Promise<Result<HostedRun, Problems>> {
  const loaded = await loadWorkspace(setting.load);
  if (!loaded.ok) return loaded;
  request.reloaded(loaded.value.workspace);
  const { item, words, failedOf } = request;
  const { input } = setting;
  const isWorkflow = item.kind === "workflow";
  const planned: Result<PlannedRun, Problems> = isWorkflow
    ? await planWorkflow(loaded.value, setting, request)
    : await planLoaded(loaded.value, { ...input, words: [item.name, ...words], extra: [] });
  if (!planned.ok) return planned;
  const settled =
    failedOf === undefined
      ? planned.value.workflow?.settled
      : settledPart(planned.value.plan, outcomesOf(failedOf));
  return start(planned.value, { setting, request, settled });
}

async function planWorkflow(
  loaded: Parameters<typeof planLoaded>[0],
  { input }: RunSetting,
  { item, words }: RunRequest,
): Promise<Result<PlannedRun, Problems>> {
  const { planWorkflowRun } = await import("#app/operations/plan-workflow-run");
  return planWorkflowRun(loaded, { ...input, name: item.name, words, inputs: {}, only: [], approve: [] });
}

const outcomesOf = ({ instances }: RunRecord): ReadonlyMap<InstanceId, Outcome> =>
  new Map(
    [...instances].flatMap(([id, { outcome }]) => (outcome === undefined ? [] : [[id, outcome] as const])),
  );

interface StartParts {
  readonly setting: RunSetting;
  readonly request: RunRequest;
  readonly settled: ReadonlyMap<InstanceId, Outcome> | undefined;
}

async function start(
  planned: PlannedRun,
  { setting, request, settled }: StartParts,
): Promise<Result<HostedRun, Problems>> {
  const { item, words, needsTerminal } = request;
  const { input, cache, confirm, failFast, load } = setting;
  const run = newRunId();
  const command = item.kind === "workflow" ? "workflow" : "run";
  const carried = settled === undefined ? [] : [...settled.keys()];
  const history = openRunHistory(planned, {
    host: input.host,
    invocation: setting.invocation(command, [item.name, ...words]),
    carried,
  });
  const isInteractive = planned.plan.instances.some(
    ({ id, interactive }) => interactive && settled?.has(id) !== true,
  );
  if (isInteractive) needsTerminal(true);
  const events = heldBack(request, run);
  const started = await startRun(planned, run, {
    host: input.host,
    failFast: failFast ?? planned.settings.global.fail_fast !== false,
    killOnFail: false,
    env: input.env,
    subscribers: [{ event: events.take, outputEvents: true }],
    confirm,
    exit: { ownCode: true },
    cache,
    ...(load.profile === undefined ? {} : { profile: load.profile }),
    ...(history === undefined ? {} : { history }),
    ...(settled === undefined ? {} : { settled }),
  });
  if (!started.ok) {
    if (isInteractive) needsTerminal(false);
    return err(started.error);
  }
  const { control, result } = started.value;
  const over = result.then(async ({ exitCode }) => {
    if (isInteractive) needsTerminal(false);
    await history?.finish();
    return exitCode;
  });
  events.release();
  return ok({ run, control, over });
}

/** Keeps events until it is known that there is a run. */
function heldBack(
  { event, accepted }: RunRequest,
  run: RunId,
): { readonly take: (event: RunEvent) => void; readonly release: () => void } {
  let held: RunEvent[] | undefined = [];
  return {
    take: (one) => (held === undefined ? event(one) : void held.push(one)),
    release: () => {
      const before = held ?? [];
      held = undefined;
      accepted(run);
      for (const one of before) event(one);
    },
  };
}

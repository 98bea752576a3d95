import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { suggest } from "#base/suggest";
import { instanceId } from "#core/model/ids";
import type { InstanceId, RunId } from "#core/model/ids";
import { isGood } from "#core/model/outcome";
import type { Outcome } from "#core/model/outcome";
import type { WorkflowPlan, WorkflowStage } from "#core/model/workflow";
import { instancesById, withNeeds } from "#core/plan/workflow-parts";
import { declaredInputs, planWorkflow } from "#core/plan/plan-workflow";
import { declaredStages, findWorkflow, knownWorkflows, suggestWorkflows } from "#core/workspace/workflows";
import type { FoundWorkflow } from "#core/workspace/workflows";
import type { Workspace } from "#core/workspace/workspace";
import type { SkippedStage, StageEnd, WorkflowOptions } from "#engine/exec/run-workflow";
import type { EnvironmentOwner, InstanceEnvironment } from "#engine/exec/instance-environment";
import { thisProcess } from "#system/process/process-identity";
import { SharedOutputs } from "#engine/exec/shared-outputs";
import type { LoadedWorkspace } from "#app/load-workspace";
import { plainProblems } from "#app/problems";
import type { Problems } from "#app/problems";
import type { RunConditions } from "#app/run-conditions";
import { WorkflowConditions } from "#app/stage-conditions";
import {
  clearWorkflowState,
  isGoingOn,
  readWorkflowStates,
  storable,
  storableInputs,
  writeWorkflowState,
} from "#app/workflow-state";
import type { WorkflowState } from "#app/workflow-state";
import { completePlan, makeConditions, planRequest } from "./plan-run";
import type { PlanInput, PlannedRun, StagedRun } from "./plan-run";

export interface WorkflowInput extends Omit<PlanInput, "words" | "extra" | "only" | "tags"> {
  readonly name: string;
  /** Inputs as words, in their order. */
  readonly words: readonly string[];
  /** `--input NAME=VALUE`. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Begin with this stage. */
  readonly from?: string;
  /** Run these stages alone. */
  readonly only: readonly string[];
  /** Go on with this run: its id, the beginning of its id, or `last`. */
  readonly resume?: string;
  /** Stages that have been agreed to beforehand. */
  readonly approve: readonly string[];
}

/** Plans a run of a workflow over a configuration that has been loaded. */
export async function planWorkflowRun(
  loaded: LoadedWorkspace,
  input: WorkflowInput,
): Promise<Result<PlannedRun, Problems>> {
  const { workspace, texts } = loaded;
  const fail = (...diagnostics: readonly Diagnostic[]): Result<never, Problems> =>
    err({ diagnostics, unread: [], texts });
  const found = findWorkflow(workspace, input.name);
  if (found === undefined) return err(unknownWorkflow(workspace, input.name));
  const wrong = [...exclusive(input), ...unknownStages(found, input)];
  if (wrong.length > 0) return fail(...wrong);
  const former = await formerRun(workspace, found, input);
  if (!former.ok) return fail(former.error);
  const inputs =
    former.value === undefined
      ? { words: input.words, named: input.inputs }
      : { words: [], named: { ...former.value.inputs, ...input.inputs } };
  let workflow: WorkflowPlan | undefined;
  const request = planRequest(workspace, { ...input, only: false, extra: [] });
  const planned = await completePlan(loaded, input, {
    request: { ...request, targets: [] },
    make: (answered) => {
      const made = planWorkflow(workspace, found, { ...answered, inputs });
      if (made.kind !== "plan") return made;
      workflow = made.plan;
      return { kind: "plan", plan: made.plan.plan };
    },
  });
  if (!planned.ok) return planned;
  if (workflow === undefined) throw new Error("a workflow that was planned has a plan");
  const conditions = planned.value.conditions ?? (await makeConditions(input, workspace));
  const staged = stagedRun(workflow, { found, input, conditions, workspace, former: former.value });
  return staged.ok ? ok({ ...planned.value, conditions, workflow: staged.value }) : fail(...staged.error);
}

/** The problem of a workflow that is not there. */
function unknownWorkflow(workspace: Workspace, name: string): Problems {
  const where = workspace.packages.size > 1 ? ` in package '${workspace.current.name}'` : "";
  const suggestions = suggestWorkflows(workspace, name);
  return plainProblems({
    code: "E264",
    severity: "error",
    data: { name, where, ...(suggestions.length === 0 ? knownWorkflows(workspace) : {}) },
    suggestions,
  });
}

function exclusive({ from, only, resume, words }: WorkflowInput): readonly Diagnostic[] {
  const given = [
    ...(from === undefined ? [] : ["--from"]),
    ...(only.length === 0 ? [] : ["--only"]),
    ...(resume === undefined ? [] : ["--resume"]),
  ];
  const [option, other] = given;
  const pair =
    option !== undefined && other !== undefined
      ? { option, other }
      : resume !== undefined && words.length > 0
        ? { option: "--resume", other: "inputs as words" }
        : undefined;
  return pair === undefined ? [] : [{ code: "E268", severity: "error", data: pair }];
}

function unknownStages(
  { entry }: FoundWorkflow,
  { from, only, approve }: WorkflowInput,
): readonly Diagnostic[] {
  const known = declaredStages(entry).map(({ name }) => name);
  const asked = [...(from === undefined ? [] : [from]), ...only, ...approve];
  return [...new Set(asked)]
    .filter((name) => !known.includes(name))
    .map((name) => {
      const suggestions = suggest(name, known);
      const list = suggestions.length === 0 ? { known, knownKind: "stages" } : {};
      return {
        code: "E265",
        severity: "error",
        data: { workflow: entry.name, name, ...list },
        suggestions,
      };
    });
}

/** The run that is to be gone on with; undefined where none is. */
async function formerRun(
  workspace: Workspace,
  { pkg, entry }: FoundWorkflow,
  { resume, inputs }: WorkflowInput,
): Promise<Result<WorkflowState | undefined, Diagnostic>> {
  if (resume === undefined) return ok(undefined);
  const states = (await readWorkflowStates(workspace.root)).filter(
    (state) => state.workflow === entry.name && state.package === pkg.path,
  );
  const begun = resume === "" ? [] : states.filter(({ run }) => run.startsWith(resume));
  const fitting = resume === "last" ? states.slice(0, 1) : begun;
  const [state, ...others] = fitting;
  if (state === undefined || others.length > 0) {
    const suggestions = states.slice(0, 3).map(({ run }) => run);
    return err({ code: "E266", severity: "error", data: { run: resume }, suggestions });
  }
  const problem = (await isGoingOn(state))
    ? "it still goes on"
    : misfit(state, entry, { profile: workspace.profile, given: Object.keys(inputs) });
  if (problem === undefined) return ok(state);
  return err({ code: "E267", severity: "error", data: { run: state.run, problem } });
}

/** Why a run can't be gone on with; undefined where it can. */
function misfit(
  state: WorkflowState,
  entry: FoundWorkflow["entry"],
  { profile, given }: { readonly profile: string | undefined; readonly given: readonly string[] },
): string | undefined {
  const known = new Set(declaredStages(entry).map(({ name }) => name));
  const gone = state.stages.find(({ name }) => !known.has(name));
  if (gone !== undefined) return `the workflow has no stage '${gone.name}' any more`;
  if (state.profile !== profile)
    return state.profile === undefined
      ? "it was run without a profile"
      : `it was run with --profile=${state.profile}`;
  const missing = state.secretInputs.find((name) => !given.includes(name));
  if (missing !== undefined)
    return `its input '${missing}' is a secret, which is not kept: give it by --input ${missing}=…`;
  const kept = given.find((name) => !state.secretInputs.includes(name));
  return kept === undefined ? undefined : `its input '${kept}' can't be given anew`;
}

interface StagedSources {
  readonly found: FoundWorkflow;
  readonly input: WorkflowInput;
  readonly workspace: Workspace;
  readonly conditions: RunConditions;
  readonly former: WorkflowState | undefined;
}

function stagedRun(
  workflow: WorkflowPlan,
  { found, input, workspace, conditions, former }: StagedSources,
): Result<StagedRun, readonly Diagnostic[]> {
  const outputs = new SharedOutputs(
    (former?.outputs ?? []).map(({ id, value }) => [id, { value, secrets: [] }] as const),
  );
  let environment: (() => Promise<InstanceEnvironment>) | undefined;
  const stages = new WorkflowConditions(workflow, {
    conditions,
    inputs: declaredInputs(found),
    outputs,
    environment: async () => environment?.() ?? { ok: false, diagnostics: [] },
    ...(input.shellRefusal === undefined ? {} : { shellRefusal: input.shellRefusal }),
  });
  const wrong = stages.check();
  if (wrong.length > 0) return err(wrong);
  const done = former === undefined ? undefined : doneBefore(workflow, former);
  const only = former === undefined ? input.only : former.only;
  const skip = new Map([...notAskedFor(workflow, { from: input.from, only }), ...(done?.skip ?? [])]);
  const settled = done?.settled ?? new Map();
  return ok({
    plan: workflow,
    skip,
    settled,
    ...(former === undefined ? {} : { resumed: former.run }),
    start: async (options, completed) => {
      for (const [id, outcome] of settled)
        conditions.finished(id, outcome, { durationMs: 0, exitCode: null });
      const ofWorkflow = environmentOwner(workflow);
      environment = () => options.environments.of(ofWorkflow);
      const owner = await thisProcess();
      // Nobody else is to go on with the same run meanwhile.
      if (former !== undefined) await writeWorkflowState(workspace.root, { ...former, owner });
      const { runWorkflow } = await import("#engine/exec/run-workflow");
      return runWorkflow(completed, {
        ...options,
        outputs,
        stages,
        skip,
        settled,
        ...(workflow.concurrency === undefined
          ? {}
          : { enter: groupOf(workspace.root, workflow.concurrency, options.id) }),
        isApproved: (stage) => input.approve.includes(stage),
        onProgress: async (ended, outcomes, isEnd) => {
          if (isOver(workflow, ended))
            return clearWorkflowState(
              workspace.root,
              options.id,
              ...(former === undefined ? [] : [former.run]),
            );
          if (isEnd && former !== undefined) await writeWorkflowState(workspace.root, former);
          const made = await options.environments.of(ofWorkflow);
          // Where nobody can say what is secret, everything may be.
          const secrets = made.ok ? made.env.secretValues() : [""];
          await writeWorkflowState(workspace.root, {
            v: 1,
            run: options.id,
            workflow: workflow.name,
            ...(isEnd ? {} : { owner }),
            package: found.pkg.path,
            profile: workspace.profile,
            ...storableInputs(workflow.inputs, secrets),
            only,
            stages: ended.map(({ name, state }) => ({ name, state })),
            ...storable(outcomes, outputs.all()),
          });
        },
      });
    },
  });
}

/** In whose name the environment of a workflow's own conditions is made. */
const environmentOwner = ({ name, package: dir, env, place }: WorkflowPlan): EnvironmentOwner => ({
  id: instanceId(`workflow ${name}`),
  environment: dir,
  env,
  requiredEnv: [],
  secrets: [],
  place,
});

const groupOf =
  (
    root: string,
    concurrency: NonNullable<WorkflowPlan["concurrency"]>,
    run: RunId,
  ): NonNullable<WorkflowOptions["enter"]> =>
  async (turn) =>
    (await import("#app/workflow-group")).enterGroup(root, concurrency, { ...turn, run });

/** Whether a resumed run has nothing more to do with a stage that ended so. */
const isBehind = ({ allowFailure }: WorkflowStage, state: StageEnd["state"] | undefined): boolean =>
  state === "success" || state === "skipped" || (state === "failed" && allowFailure);

/** Whether no stage is left for a run that would go on with this one. */
const isOver = ({ stages }: WorkflowPlan, ended: readonly StageEnd[]): boolean =>
  ended.length === stages.length && stages.every((stage, index) => isBehind(stage, ended[index]?.state));

/** What a former run has done: its stages up to the first that did not end well, with what they ran. */
function doneBefore(
  { plan, stages }: WorkflowPlan,
  { stages: ended, instances }: WorkflowState,
): {
  readonly skip: ReadonlyMap<string, SkippedStage>;
  readonly settled: ReadonlyMap<InstanceId, Outcome>;
} {
  const states = new Map(ended.map(({ name, state }) => [name, state]));
  const skip = new Map<string, SkippedStage>();
  const requested: InstanceId[] = [];
  for (const stage of stages) {
    const state = states.get(stage.name);
    if (state === undefined || !isBehind(stage, state)) break;
    skip.set(stage.name, { state, why: "done before" });
    requested.push(...stage.requested);
  }
  const done = withNeeds(requested, instancesById(plan));
  const settled = instances
    .filter(({ id, state, allowed }) => done.has(id) && (allowed || (isGood(state) && state !== "skipped")))
    .map(({ id, state, allowed }) => [id, { state, ...(allowed ? { allowed } : {}) }] as const);
  return { skip, settled: new Map(settled) };
}

/** Stages before `--from`, or beside `--only`, count as done: conditions on them hold. */
function notAskedFor(
  { stages }: WorkflowPlan,
  { from, only }: { readonly from: string | undefined; readonly only: readonly string[] },
): ReadonlyMap<string, SkippedStage> {
  const skip = new Map<string, SkippedStage>();
  if (from === undefined && only.length === 0) return skip;
  const first = stages.findIndex(({ name }) => name === from);
  for (const [index, { name }] of stages.entries()) {
    const isLeftOut = from === undefined ? !only.includes(name) : index < first;
    if (isLeftOut) skip.set(name, { state: "success", why: "not asked for" });
  }
  return skip;
}

import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { suggest } from "#base/suggest";
import { doctorSettings } from "#core/onboard/doctor-settings";
import { setupOrder } from "#core/onboard/setup-order";
import { setupSettings } from "#core/onboard/setup-settings";
import type { SetupSettings, SetupStep } from "#core/onboard/setup-settings";
import { findTask } from "#core/workspace/references";
import { runUnits } from "#engine/onboard/run-units";
import { SetupState, setupLock } from "#engine/onboard/setup-state";
import type { SetupEvent, SetupUnit, UnitResult } from "#engine/onboard/setup-unit";
import { holdLock } from "#engine/toolchain/hold-lock";
import { loadWorkspace } from "#app/load-workspace";
import type { LoadOptions } from "#app/load-workspace";
import { checkOnboarding } from "#app/onboard/check-settings";
import { commandUnit, commandWork, taskWork } from "#app/onboard/command-unit";
import { depsUnits } from "#app/onboard/deps-units";
import { envUnit } from "#app/onboard/env-unit";
import { HOOKS_ID, hooksUnit } from "#app/onboard/hooks-unit";
import { nextSteps } from "#app/onboard/next-steps";
import { servicesUnit } from "#app/onboard/services-unit";
import type { SetupContext } from "#app/onboard/setup-context";
import { toolsUnit } from "#app/onboard/tools-unit";
import { validateUnit } from "#app/onboard/validate-unit";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { startGuard } from "#system/process/guard";
import { selfPath } from "#system/process/self";
import { randomKey } from "#system/random-key";
import { ensurePrivateFolder } from "#system/fs/private-folder";
import type { Host } from "#system/host";
import { workerSlots } from "./plan-run";

export interface SetupRequest {
  readonly load: LoadOptions;
  readonly host: Host;
  /** Names of the steps to do; none: all of them. */
  readonly only: readonly string[];
  /** Only says what would be done. */
  readonly isDry: boolean;
  /** Does again what was done before. */
  readonly isForced: boolean;
  /** Steps at once. */
  readonly jobs?: string;
  readonly signal: AbortSignal;
  readonly report: (event: SetupEvent) => void;
  /** Told that another setup of this working copy is waited for. */
  readonly onWait?: () => void;
}

export interface SetupOutcome {
  /** In the order of the configuration. */
  readonly results: readonly UnitResult[];
  readonly next: readonly string[];
}

/**
 * Makes a working copy ready: everything that `[setup]` asks for and that is not done yet. What fails holds up only what
 * needs it. A second setup of the same working copy waits for the first.
 */
export async function setUp(request: SetupRequest): Promise<Result<SetupOutcome, Problems>> {
  const loaded = await loadWorkspace(request.load);
  if (!loaded.ok) return loaded;
  const { workspace, texts } = loaded.value;
  const { host, signal } = request;
  const problems = await checkOnboarding(workspace);
  if (problems.length > 0) return err({ diagnostics: problems, unread: [], texts });
  const { root, rootPackage } = workspace;
  const settings = setupSettings(rootPackage.config.files);
  const wrong = unknownSteps(settings, request.only);
  if (wrong !== undefined) return err(wrong);
  const work = async (): Promise<SetupOutcome> => {
    const guard = startGuard({ runId: randomKey(), stayMs: 0 });
    try {
      const { checks } = doctorSettings(rootPackage.config.files);
      const units = await unitsOf(settings, request.only, {
        workspace,
        load: request.load,
        host,
        state: await SetupState.read(root),
        guard,
        checks: new Map(checks.map((check) => [check.name, check])),
        program: selfPath(),
        isForced: request.isForced,
      });
      const jobs = workerSlots(request, workspace);
      const results = await runUnits(units, { isDry: request.isDry, jobs, signal, report: request.report });
      return { results, next: nextSteps(results, settings, { workspace, host }) };
    } finally {
      guard.close();
    }
  };
  if (request.isDry) return ok(await work());
  const kept = await stateFolderProblem(root);
  if (kept !== undefined) return err(kept);
  const { onWait } = request;
  const held = await holdLock(
    setupLock(root),
    { signal, ...(onWait === undefined ? {} : { onWait: once(onWait) }) },
    work,
  );
  return held.ok ? held : err(usageProblem("E627", { path: `${root}/.zr`, reason: held.error }));
}

async function stateFolderProblem(root: string): Promise<Problems | undefined> {
  try {
    await ensurePrivateFolder(`${root}/.zr/setup`, `${root}/.zr`);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return usageProblem("E627", { path: `${root}/.zr`, reason: error.message });
  }
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}

function unknownSteps(settings: SetupSettings, only: readonly string[]): Problems | undefined {
  const known = [...settings.steps.map(({ id }) => id), ...(settings.hooks.length > 0 ? [HOOKS_ID] : [])];
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length === 0) return undefined;
  return {
    diagnostics: unknown.map((name): Diagnostic => ({
      code: "E626",
      severity: "error",
      data: { what: "step of the setup", name },
      suggestions: suggest(name, known),
    })),
    unread: [],
    texts: new Map(),
  };
}

/** The parts of all steps that are asked for, each with those that it waits for. */
async function unitsOf(
  settings: SetupSettings,
  only: readonly string[],
  context: SetupContext,
): Promise<readonly SetupUnit[]> {
  const isAsked = (id: string): boolean => only.length === 0 || only.includes(id);
  const order = setupOrder(settings.steps);
  const ofStep = new Map<string, readonly SetupUnit[]>();
  for (const step of settings.steps) {
    if (!isAsked(step.id)) continue;
    const needs = (order.get(step.id) ?? []).flatMap((id) => (ofStep.get(id) ?? []).map((unit) => unit.id));
    ofStep.set(step.id, await stepUnits(step, needs, { settings, context }));
  }
  const hooks = settings.hooks.length > 0 && isAsked(HOOKS_ID) ? [hooksUnit(settings.hooks, context)] : [];
  return [...[...ofStep.values()].flat(), ...hooks];
}

async function stepUnits(
  step: SetupStep,
  needs: readonly string[],
  { settings, context }: { readonly settings: SetupSettings; readonly context: SetupContext },
): Promise<readonly SetupUnit[]> {
  if (step.kind === "task") return [commandUnit(step, needs, { what: taskWork(step.task), context })];
  if (step.kind === "command") return [commandUnit(step, needs, { what: commandWork(step.cmd), context })];
  const { kind } = step;
  if (kind === "services") return [await servicesUnit({ ...step, kind }, needs, context)];
  if (step.cmd !== undefined) return [commandUnit(step, needs, { what: commandWork(step.cmd), context })];
  switch (kind) {
    case "tools":
      return [toolsUnit(step, needs, context)];
    case "deps":
      return depsUnits(step, needs, { entries: settings.deps, context });
    case "env":
      return [envUnit(step, needs, context)];
    case "validate":
      return [validateUnit(step, needs, context)];
    case "migrate":
      return [migrateUnit(step, needs, context)];
  }
}

const MIGRATE_TASKS = ["migrate", "db:migrate"];

/** Without a command of its own: the task of that name, where there is one. */
function migrateUnit(step: SetupStep, needs: readonly string[], context: SetupContext): SetupUnit {
  const { rootPackage } = context.workspace;
  const task = MIGRATE_TASKS.find((name) => findTask(rootPackage, name) !== undefined);
  if (task !== undefined) return commandUnit(step, needs, { what: taskWork(task), context });
  return {
    id: step.id,
    step: step.id,
    needs,
    optional: true,
    look: () => Promise.resolve({ kind: "skip", detail: "no [setup.migrate], no task migrate" }),
    act: () => Promise.resolve({ kind: "done", detail: "" }),
  };
}

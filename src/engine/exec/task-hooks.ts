import type { Failure, Outcome } from "#core/model/outcome";
import type { Instance } from "#core/model/plan";
import type { TaskHookCommand, TaskHooks } from "#core/model/run-hooks";
import type { Child } from "#system/process/spawn";
import { runChild } from "./child-run";
import { commandOf } from "./command";
import { withoutSecrets } from "./before-attempt";
import { childFailure } from "./child-failure";
import type { RunContext } from "./run-context";
import { stopSequence } from "./stop-sequence";

/** How long what comes after a task may take where the task was stopped. */
const AFTER_STOP_MS = 10_000;

/** The attempt that hooks run around. */
export interface HookedAttempt {
  readonly instance: Instance;
  /** From 1. */
  readonly number: number;
  readonly context: RunContext;
  /** Values to mask beside those of the hook's own environment. */
  readonly secretTexts: () => readonly string[];
  /** Runs the task itself. */
  readonly run: () => Promise<Outcome>;
  /** Whether it has been killed: then nothing comes after it. */
  readonly isKilled: () => boolean;
  /** How it ends where it has been asked to stop. */
  readonly stopped: () => Outcome | undefined;
  readonly onStart: (child: Child) => void;
  readonly onEnd: () => void;
  /** Of the task itself, as far as it has got. */
  readonly facts: () => { readonly durationMs: number; readonly exitCode: number | undefined };
}

/**
 * Runs an attempt between its hooks. One before that fails keeps the task from being run and fails it; those after it
 * are run whatever happened, and one that fails is only told of.
 */
export async function runWithHooks(hooks: TaskHooks, attempt: HookedAttempt): Promise<Outcome> {
  const cause = await runBefore(hooks.before, attempt);
  const outcome =
    attempt.stopped() ??
    (cause === undefined
      ? await attempt.run()
      : { state: "failed" as const, failure: { kind: "hook" as const, hook: "before_task", cause } });
  await runAfter(hooks.after, attempt, outcome);
  return outcome;
}

async function runBefore(
  commands: readonly TaskHookCommand[],
  attempt: HookedAttempt,
): Promise<Failure | undefined> {
  for (const command of commands) {
    if (attempt.stopped() !== undefined) return undefined;
    const failure = await runHook(command, attempt, { started: attempt.onStart });
    if (failure !== undefined && command.step.allowFailure !== true) return failure;
  }
  return undefined;
}

async function runAfter(
  commands: readonly TaskHookCommand[],
  attempt: HookedAttempt,
  outcome: Outcome,
): Promise<void> {
  if (commands.length === 0) return;
  const { durationMs, exitCode } = attempt.facts();
  const env = {
    ZR_TASK_STATUS: outcome.state,
    ZR_DURATION_MS: String(Math.round(durationMs)),
    ZR_EXIT_CODE: exitCode === undefined ? "" : String(exitCode),
  };
  const isLimited = attempt.stopped() !== undefined;
  for (const command of commands) {
    if (attempt.isKilled()) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const started = (child: Child): void => {
      attempt.onStart(child);
      if (isLimited) timer = setTimeout(() => void stopHook(child, attempt), AFTER_STOP_MS);
    };
    const failure = await runHook(command, attempt, { started, env });
    clearTimeout(timer);
    if (failure === undefined || command.step.allowFailure === true) continue;
    const { id } = attempt.instance;
    attempt.context.hub.emit({
      type: "note",
      level: "warn",
      text: `the after_task hook of ${id} failed: ${shortCause(failure)}`,
    });
  }
}

const stopHook = (child: Child, { instance, context }: HookedAttempt): Promise<void> =>
  stopSequence({
    pid: child.pid,
    run: context.id,
    instance: instance.id,
    signal: instance.stopSignal,
    graceMs: instance.graceMs,
    ended: child.exited,
    ownGroup: true,
  });

interface HookRun {
  readonly started: (child: Child) => void;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs one command of a hook in its own folder and environment, its output among that of the task. */
async function runHook(
  { instance: hook, step }: TaskHookCommand,
  attempt: HookedAttempt,
  { started, env: facts }: HookRun,
): Promise<Failure | undefined> {
  const { instance, number, context } = attempt;
  const late =
    hook.late === undefined
      ? undefined
      : await (await import("./late-values")).lateVariables(hook.late, context);
  const made = await (late === undefined
    ? context.environments.of(hook)
    : context.environments.withValues(hook, late.values));
  if (!made.ok) {
    const { environmentProblem } = await import("./environment-problem");
    return { kind: "environment", message: environmentProblem(made.diagnostics) };
  }
  if (late?.problem !== undefined) return { kind: "output", message: late.problem };
  const { env: own } = made;
  const as: Instance = {
    ...hook,
    id: instance.id,
    stopSignal: instance.stopSignal,
    graceMs: instance.graceMs,
  };
  const env = {
    ...context.childEnvironment.of(
      as,
      late === undefined ? own.values : { ...own.values, ...late.values },
      number,
    ),
    ZR_TASK: instance.name,
    ZR_PACKAGE: instance.package,
    ZR_PACKAGE_DIR: instance.environment,
    ZR_ATTEMPT: String(number),
    ...facts,
  };
  let texts: readonly string[] | undefined;
  const secretTexts = (): readonly string[] => (texts ??= [...own.secretValues(), ...attempt.secretTexts()]);
  const end = await runChild(
    await commandOf(step, hook, { env, folder: context.folder }),
    {
      instance: as,
      env,
      secrets: () => context.secretsOf(secretTexts()),
      isShown: true,
      isFirst: true,
      onStart: started,
    },
    context,
  );
  attempt.onEnd();
  return childFailure(end, (text) => withoutSecrets(text, { secretTexts, context }));
}

/** A cause in a few words, for a note. */
function shortCause(failure: Failure): string {
  if (failure.kind === "exit") return `exit code ${failure.code}`;
  if (failure.kind === "signal") return `ended by ${failure.signal}`;
  return "message" in failure ? failure.message : "it could not be started";
}

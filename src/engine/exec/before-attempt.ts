import type { Outcome, StopReason } from "#core/model/outcome";
import type { ConditionSource, Instance } from "#core/model/plan";
import { runsOn } from "#core/plan/runs-on";
import { maskText } from "#engine/env/mask";
import { compileSecrets } from "#engine/env/secret-automaton";
import type { Verdict } from "./conditions";
import type { RunContext } from "./run-context";

/** An attempt as far as decisions look at it. */
export interface AttemptSoFar {
  readonly instance: Instance;
  readonly context: RunContext;
  readonly env: Readonly<Record<string, string>>;
  /** From 1. */
  readonly number: number;
  /** Of its last command; absent where none has run, null where a signal ended it. */
  readonly exitCode?: number | null;
  /** Texts of its environment that must not be shown. */
  readonly secretTexts: () => readonly string[];
}

/** What deciding needs of the attempt. */
export interface Deciding {
  /** Asks the cache and runs the commands of `status`. */
  readonly checkStatus: () => Promise<Outcome | undefined>;
  /** Asks a person; an outcome where the attempt was stopped before an answer came. */
  readonly ask: (question: string) => Promise<Outcome | boolean | undefined>;
}

/** The outcome of an instance that needs no command at all. */
export function outcomeWithoutCommand(
  instance: Instance,
  { os, arch }: Pick<RunContext, "os" | "arch">,
): Outcome | undefined {
  if (instance.platforms.length > 0 && !runsOn(instance.platforms, os, arch)) {
    return { state: "skipped", reason: { kind: "platform", platforms: instance.platforms } };
  }
  return instance.steps.length === 0 && !isAsked(instance) ? { state: "success" } : undefined;
}

/** Whether anything of the task's own decides if its commands are run. */
const isAsked = (instance: Instance): boolean =>
  instance.condition !== undefined ||
  instance.skipIf !== undefined ||
  instance.preconditions.length > 0 ||
  instance.status.length > 0;

/**
 * What decides the outcome before a command is started, in this order: `condition`, `skip_if`, `preconditions`, the
 * cache, `status`, `confirm`.
 */
export async function outcomeBefore(
  of: AttemptSoFar,
  { checkStatus, ask }: Deciding,
): Promise<Outcome | undefined> {
  const { instance, context } = of;
  const isCached = context.cache !== undefined && instance.cache !== undefined;
  if (!isAsked(instance) && instance.confirm === undefined) return isCached ? checkStatus() : undefined;
  return (
    (await skippedBy(instance.condition, of, { kind: "condition", on: false })) ??
    (await skippedBy(instance.skipIf, of, { kind: "skip-if", on: true })) ??
    (await checkPreconditions(of)) ??
    (await checkStatus()) ??
    askFirst(of, ask)
  );
}

/** Whether a condition of the instance holds; the outcome where that can't be told. */
export async function holds(
  condition: ConditionSource,
  of: AttemptSoFar,
): Promise<{ readonly value: boolean } | { readonly failed: Outcome }> {
  const verdict = await decide(condition, of);
  return verdict.kind === "error"
    ? { failed: { state: "failed", failure: { kind: "expression", message: verdict.message } } }
    : { value: verdict.value };
}

/** What the expression language says about a condition of the instance; an error shows no secret. */
export async function decide(condition: ConditionSource, of: AttemptSoFar): Promise<Verdict> {
  const { instance, context, env, number, exitCode } = of;
  const pkg = context.plan.packages[instance.environment];
  if (pkg === undefined) throw new Error(`the package of ${instance.id} is not in the plan`);
  const verdict = await context.conditions.decide({
    condition,
    instance,
    plan: context.plan,
    package: pkg,
    env,
    attempt: number,
    outputs: context.outputs,
    ...(exitCode === undefined ? {} : { exitCode }),
  });
  return verdict.kind === "error" ? { ...verdict, message: withoutSecrets(verdict.message, of) } : verdict;
}

/** A message that may quote values, with the secrets of the task and of what it may have got from others masked. */
export function withoutSecrets(
  message: string,
  { secretTexts, context }: Pick<AttemptSoFar, "secretTexts" | "context">,
): string {
  const shared = [...context.outputs.all().values()].flatMap((output) => output.secrets);
  return maskText(message, compileSecrets([...secretTexts(), ...shared]));
}

async function skippedBy(
  condition: ConditionSource | undefined,
  of: AttemptSoFar,
  { kind, on }: { readonly kind: "condition" | "skip-if"; readonly on: boolean },
): Promise<Outcome | undefined> {
  if (condition === undefined) return undefined;
  const verdict = await holds(condition, of);
  if ("failed" in verdict) return verdict.failed;
  const reason: StopReason = { kind, source: condition.source };
  return verdict.value === on ? { state: "skipped", reason } : undefined;
}

async function checkPreconditions(of: AttemptSoFar): Promise<Outcome | undefined> {
  for (const precondition of of.instance.preconditions) {
    const verdict = await holds(precondition, of);
    if ("failed" in verdict) return verdict.failed;
    const message = precondition.message ?? precondition.source;
    if (!verdict.value) return { state: "failed", failure: { kind: "precondition", message } };
  }
  return undefined;
}

async function askFirst(of: AttemptSoFar, ask: Deciding["ask"]): Promise<Outcome | undefined> {
  const { confirm, confirmIf, id } = of.instance;
  if (confirm === undefined) return undefined;
  if (confirmIf !== undefined) {
    const verdict = await holds(confirmIf, of);
    if ("failed" in verdict) return verdict.failed;
    if (!verdict.value) return undefined;
  }
  await of.context.hub.shown();
  const answer = await ask(`${id}: ${confirm}`);
  if (typeof answer === "object") return answer;
  if (answer === undefined) return { state: "failed", failure: { kind: "confirm", message: confirm } };
  return answer ? undefined : { state: "canceled", reason: { kind: "declined" } };
}

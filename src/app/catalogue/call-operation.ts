import type { Result } from "#base/result";
import { maskText } from "#engine/env/mask";
import { compileSecrets } from "#engine/env/secret-automaton";
import { loadWorkspace } from "#app/load-workspace";
import type { LoadedWorkspace } from "#app/load-workspace";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { secretTexts } from "#app/secret-texts";
import { checkValue } from "./check-input";
import { describeProblems, problemLines } from "./describe-problems";
import { fitAnswer } from "./fit";
import { maskValues } from "./mask-values";
import type { Mask, Operation, OperationContext } from "./operation";
import { OperationInput } from "./operation-input";
import { loadOptions } from "./workspace-load";

/** Who asks, from where, and what for. */
export type CallSetting = Omit<OperationContext, "load" | "masking">;

/** What became of an operation that was asked for. Nothing of it holds a secret, and all of it is within the budget. */
export type CallResult =
  | {
      readonly kind: "answer";
      readonly value: Readonly<Record<string, unknown>>;
      /** The operation was done, and what it did failed. */
      readonly failed: boolean;
    }
  /** It was not done, for reasons in words, a line each. */
  | { readonly kind: "refused"; readonly reasons: string };

/** Does an operation for a program: checks what it may and what it gave, and answers without secrets, in its budget. */
export async function callOperation(
  operation: Operation,
  given: unknown,
  setting: CallSetting,
): Promise<CallResult> {
  const context = contextOf(setting);
  const refuse = async (problems: Problems): Promise<CallResult> => {
    const mask = await context.masking();
    const lines = problemLines(await describeProblems(problems, setting.cwd));
    const { reasons } = fitAnswer({ reasons: mask(lines) }, setting.budget);
    return { kind: "refused", reasons: String(reasons) };
  };
  if (setting.limits.readOnly && !operation.effects.readOnly)
    return refuse(usageProblem("E462", { operation: operation.name }));
  const wrong = checkValue(given ?? {}, operation.input);
  if (wrong.length > 0)
    return refuse(
      usageProblem("E464", { operation: operation.name, problems: wrong.slice(0, 5).join("; ") }),
    );
  const body = await operation.load();
  // The schema has made sure that it is a table.
  const done = await body(new OperationInput((given ?? {}) as Readonly<Record<string, unknown>>), context);
  if (!done.ok) return refuse(done.error);
  const mask = await context.masking();
  // Plain data stays plain data of the same shape.
  const masked = maskValues(withoutUndefined(done.value.value), mask) as Readonly<Record<string, unknown>>;
  return { kind: "answer", value: fitAnswer(masked, setting.budget), failed: done.value.failed === true };
}

/** The context of one operation: the configuration is read once, and what is secret worked out once. */
export function contextOf(setting: CallSetting): OperationContext {
  let loading: Promise<Result<LoadedWorkspace, Problems>> | undefined;
  let masking: Promise<Mask> | undefined;
  const load = (): Promise<Result<LoadedWorkspace, Problems>> =>
    (loading ??= loadWorkspace(loadOptions(setting)));
  const mask = (): Promise<Mask> => (masking ??= maskFor(load, setting));
  const { ask } = setting;
  return {
    ...setting,
    load,
    masking: mask,
    progress: (done, total, message) =>
      void mask().then((masked) => setting.progress(done, total, masked(message))),
    log: (entry) => void mask().then((masked) => setting.log({ ...entry, message: masked(entry.message) })),
    ...(ask === undefined ? {} : { ask: async (question) => ask((await mask())(question)) }),
  };
}

async function maskFor(
  load: () => Promise<Result<LoadedWorkspace, Problems>>,
  { host }: CallSetting,
): Promise<Mask> {
  const loaded = await load();
  const texts = loaded.ok ? loaded.value.texts : loaded.error.texts;
  const secrets = await secretTexts(loaded.ok ? loaded.value : undefined, texts, host);
  if (secrets.length === 0) return (text) => text;
  const automaton = compileSecrets([...secrets]);
  return (text) => maskText(text, automaton);
}

const withoutUndefined = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

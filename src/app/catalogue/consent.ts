import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { Instance } from "#core/model/plan";
import type { PlannedRun } from "#app/operations/plan-run";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import type { Invocation } from "#engine/history/stored-run";
import type { OperationContext } from "./operation";
import { withoutControls } from "./without-controls";

export interface AskedRun {
  readonly planned: PlannedRun;
  /** Everything that it may start. */
  readonly instances: readonly Instance[];
  readonly invocation: Invocation;
}

/** What a run asks before it starts: of its tasks `confirm`, of its stages `approval`. */
function questionsOf({
  planned,
  instances,
}: AskedRun): readonly { readonly task: string; readonly question: string }[] {
  const stages = planned.workflow?.plan.stages ?? [];
  return [
    ...instances.flatMap(({ id, confirm }) =>
      confirm === undefined ? [] : [{ task: id, question: confirm }],
    ),
    ...stages.flatMap(({ name, approval }) =>
      approval === undefined ? [] : [{ task: `stage ${name}`, question: approval }],
    ),
  ];
}

/**
 * Sees to it that somebody agrees to what a run asks: the person behind whoever wants it, where that can be asked. The
 * value says whether there was anything to agree to.
 */
export async function consentTo(
  asked: AskedRun,
  { ask }: Pick<OperationContext, "ask">,
): Promise<Result<boolean, Problems>> {
  const questions = questionsOf(asked);
  const [first] = questions;
  if (first === undefined) return ok(false);
  const consent = ask === undefined ? "none" : await ask(messageOf(questions, asked.invocation));
  if (consent === "given") return ok(true);
  return err(
    consent === "none" ? usageProblem("E460", { ...first }) : usageProblem("E467", { task: first.task }),
  );
}

/** So much of what is asked is shown; the person has to read it. */
const MOST_QUESTIONS = 20;

function messageOf(
  questions: readonly { readonly task: string; readonly question: string }[],
  { command, options, words, extra }: Invocation,
): string {
  const tail = extra.length === 0 ? [] : ["--", ...extra];
  const line = ["zr", command, ...options, ...words, ...tail].join(" ");
  const lines = questions.slice(0, MOST_QUESTIONS).map(({ task, question }) => `${task}: ${question}`);
  const more = questions.length - lines.length;
  return withoutControls(
    ["Run this?", line, "", ...lines, ...(more > 0 ? [`and ${more} more`] : [])].join("\n"),
  );
}

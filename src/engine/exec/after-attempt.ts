import type { Outcome } from "#core/model/outcome";
import { decide } from "./before-attempt";
import type { AttemptSoFar } from "./before-attempt";
import type { OutputCapture } from "./output-capture";

export interface AttemptEnd {
  readonly outcome: Outcome;
  readonly capture: OutputCapture | undefined;
}

/** What is done with the results of an attempt whose commands have run: shared, shown, kept. Gives its outcome. */
export async function afterAttempt(of: AttemptSoFar, { outcome, capture }: AttemptEnd): Promise<Outcome> {
  const { instance, context } = of;
  let end = outcome;
  if (capture !== undefined) {
    const { shareOutput } = await import("./share-output");
    end = shareOutput(capture, { instance, outcome, secrets: of.secretTexts() }, context.outputs);
  }
  if (instance.artifacts !== undefined && end.state !== "canceled") {
    const { keepArtifacts } = await import("./keep-artifacts");
    await keepArtifacts(instance.artifacts, { instance, context, state: end.state });
  }
  if (instance.outputIf !== undefined) await decideOutput(of, end);
  return end;
}

/** Whether what was printed is shown. Where that can't be told it is, and the reason with it. */
async function decideOutput(of: AttemptSoFar, end: Outcome): Promise<void> {
  const { instance, context } = of;
  const { outputIf, id } = instance;
  if (outputIf === undefined) return;
  let shown = true;
  // Nobody waits for a condition after Ctrl-C.
  if (end.state !== "canceled") {
    const verdict = await decide(outputIf, { ...of, exitCode: of.exitCode ?? null });
    if (verdict.kind === "holds") shown = verdict.value;
    else context.hub.emit({ type: "note", level: "warn", text: `output_if of ${id}: ${verdict.message}` });
  }
  context.hub.emit({ type: "instance.output-decided", id, shown });
}

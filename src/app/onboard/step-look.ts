import type { SetupStep } from "#core/onboard/setup-settings";
import type { UnitLook } from "#engine/onboard/setup-unit";
import { isRemembered } from "./remembered";
import type { UnitInputs } from "./remembered";
import type { SetupContext } from "./setup-context";
import { conditionHolds } from "./step-condition";

/** What decides whether a step has to be done again; undefined where it is done each time. */
export const inputsOf = (
  { options: { inputs, outputs } }: SetupStep,
  label: string,
  { workspace }: SetupContext,
): UnitInputs | undefined =>
  inputs === undefined && outputs === undefined
    ? undefined
    : { dir: workspace.root, globs: inputs ?? [], facts: [label] };

/** What condition and memory say of a step; undefined where it is to be done as far as they know. */
export async function lookAtStep(
  { id, options }: Pick<SetupStep, "id" | "options">,
  inputs: UnitInputs | undefined,
  { workspace, host, state, isForced }: SetupContext,
): Promise<UnitLook | undefined> {
  const holds = await conditionHolds(options, workspace, host);
  // What can't be decided is not done: a condition is there to prevent something.
  if (!holds.ok) return { kind: "skip", detail: holds.error };
  if (!holds.value) return { kind: "skip", detail: `not here: ${options.condition?.source ?? ""}` };
  if (inputs !== undefined && !isForced && (await isRemembered(state, id, inputs)))
    return { kind: "done", detail: "nothing has changed" };
  return undefined;
}

import type { SetupStep } from "#core/onboard/setup-settings";
import type { SetupUnit, UnitLook } from "#engine/onboard/setup-unit";
import type { SetupContext } from "./setup-context";
import { lookAtStep } from "./step-look";

/** What a step looks at itself, where its condition lets it, and what it does. */
export interface OwnStep {
  readonly step: SetupStep;
  readonly needs: readonly string[];
  readonly look: () => Promise<UnitLook>;
  readonly act: SetupUnit["act"];
}

/** The only unit of a step that zr does itself; what it looks at says whether it is done, not what is remembered. */
export const stepUnit = ({ step, needs, look, act }: OwnStep, context: SetupContext): SetupUnit => ({
  id: step.id,
  step: step.id,
  needs,
  optional: step.options.optional,
  look: async () => (await lookAtStep(step, undefined, context)) ?? look(),
  act,
});

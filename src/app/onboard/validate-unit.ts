import type { SetupStep } from "#core/onboard/setup-settings";
import type { SetupUnit, UnitEnd, UnitLook } from "#engine/onboard/setup-unit";
import { validate } from "#app/operations/validate";
import { counted } from "./counted";
import { problemLine } from "./setup-context";
import type { SetupContext } from "./setup-context";
import { stepUnit } from "./step-unit";
import type { OwnStep } from "./step-unit";

/** The step that checks the whole configuration. */
export function validateUnit(step: SetupStep, needs: readonly string[], context: SetupContext): SetupUnit {
  let problem = "";
  const work: OwnStep = {
    step,
    needs,
    look: async (): Promise<UnitLook> => {
      const { diagnostics, files, tasks } = await validate(context.load, context.host);
      const errors = diagnostics.filter(({ severity }) => severity === "error");
      if (errors.length === 0)
        return { kind: "done", detail: `${counted(files, "file")}, ${counted(tasks, "task")}` };
      problem = problemLine(errors.slice(0, 1));
      const others = errors.length - 1;
      if (others > 0) problem += `, and ${counted(others, "other problem")}`;
      return { kind: "todo", detail: problem };
    },
    act: (): Promise<UnitEnd> => Promise.resolve({ kind: "failed", reason: problem, hint: "zr validate" }),
  };
  return stepUnit(work, context);
}

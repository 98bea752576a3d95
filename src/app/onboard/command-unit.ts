import { resolveFrom } from "#base/path";
import type { SetupStep } from "#core/onboard/setup-settings";
import type { SetupUnit, UnitEnd, UnitLook } from "#engine/onboard/setup-unit";
import { runStepCommand } from "#engine/onboard/run-command";
import { environmentOrReason } from "./setup-context";
import type { SetupContext } from "./setup-context";
import { shellWords } from "./shell-words";
import { inputsOf, lookAtStep } from "./step-look";
import { remember } from "./remembered";

/** A step that is a command of the configuration, or a task. */
export function commandUnit(
  step: SetupStep,
  needs: readonly string[],
  { what, context }: { readonly what: StepWork; readonly context: SetupContext },
): SetupUnit {
  const { id, options } = step;
  const inputs = inputsOf(step, what.label, context);
  return {
    id,
    step: id,
    needs,
    optional: options.optional,
    look: async (): Promise<UnitLook> =>
      (await lookAtStep(step, inputs, context)) ?? { kind: "todo", detail: what.label },
    act: async ({ signal }): Promise<UnitEnd> => {
      await context.state.set(id, undefined);
      const end = await runWork(what, { signal, limitMs: options.timeoutMs, context });
      if (end.kind === "done" && inputs !== undefined)
        await remember(context.state, id, {
          inputs,
          makes: (options.outputs ?? []).map((path) => resolveFrom(context.workspace.root, path)),
        });
      return end;
    },
  };
}

/** What a step does. */
export type StepWork = { readonly label: string } & (
  { readonly kind: "cmd"; readonly cmd: string } | { readonly kind: "task"; readonly task: string }
);

/** A task by the name of it. */
export const taskWork = (task: string): StepWork => ({ kind: "task", task, label: `zr run ${task}` });

export const commandWork = (cmd: string): StepWork => ({ kind: "cmd", cmd, label: cmd });

interface WorkSetting {
  readonly signal: AbortSignal;
  readonly limitMs: number | undefined;
  readonly context: SetupContext;
}

/** Runs a command in the workspace root, in the root's environment; a task by zr itself, so that it is run as ever. */
export async function runWork(what: StepWork, { signal, limitMs, context }: WorkSetting): Promise<UnitEnd> {
  const { workspace, host, guard, load, program } = context;
  const made = await environmentOrReason(workspace.rootPackage, context);
  if (!made.ok) return { kind: "failed", reason: made.error };
  const { configPath, profile } = load;
  const words =
    what.kind === "cmd"
      ? shellWords(what.cmd, workspace.rootPackage, host.os)
      : {
          argv: [
            program,
            "run",
            what.task,
            "--no-input",
            ...(configPath === undefined ? [] : ["--config", configPath]),
            ...(profile === undefined ? [] : ["--profile", profile]),
          ],
          env: {},
        };
  const ran = await runStepCommand({
    argv: words.argv,
    cwd: workspace.root,
    env: { ...(what.kind === "cmd" ? made.value.env : host.env), ...words.env },
    signal,
    guard,
    ...(limitMs === undefined ? {} : { limitMs }),
  });
  if (ran.ok) return { kind: "done", detail: what.label };
  const { reason, log } = ran.error;
  const { mask } = made.value;
  return { kind: "failed", reason: mask(`${what.label}: ${reason}`), log: mask(log) };
}

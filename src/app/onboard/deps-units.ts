import { resolveFrom } from "#base/path";
import type { DepsEntry, SetupStep } from "#core/onboard/setup-settings";
import type { SetupUnit, UnitEnd, UnitLook } from "#engine/onboard/setup-unit";
import { runStepCommand } from "#engine/onboard/run-command";
import type { ShellWords } from "#engine/onboard/run-command";
import { findInstallations, installInputs } from "./find-installs";
import type { Installation } from "./find-installs";
import { remember } from "./remembered";
import { environmentOrReason, packageAt } from "./setup-context";
import type { SetupContext } from "./setup-context";
import { shellWords } from "./shell-words";
import { lookAtStep } from "./step-look";

/** The step that installs what packages depend on: one unit for each folder and language. */
export async function depsUnits(
  step: SetupStep,
  needs: readonly string[],
  { entries, context }: { readonly entries: readonly DepsEntry[]; readonly context: SetupContext },
): Promise<readonly SetupUnit[]> {
  const found = await findInstallations(context.workspace, entries);
  if (found.length === 0)
    return [
      {
        id: step.id,
        step: step.id,
        needs,
        optional: true,
        look: () => Promise.resolve({ kind: "skip", detail: "no package has any" }),
        act: () => Promise.resolve({ kind: "done", detail: "" }),
      },
    ];
  return found.map((one) => installUnit({ step: step.id, needs }, one, { entries, context }));
}

function installUnit(
  { step, needs }: Pick<SetupUnit, "step" | "needs">,
  one: Installation,
  { entries, context }: { readonly entries: readonly DepsEntry[]; readonly context: SetupContext },
): SetupUnit {
  const { id, options, label } = one;
  return {
    id,
    step,
    needs,
    optional: options.optional,
    look: async (): Promise<UnitLook> =>
      (await lookAtStep({ id, options }, installInputs(one), context)) ?? { kind: "todo", detail: label },
    act: async ({ signal }): Promise<UnitEnd> => {
      await context.state.set(id, undefined);
      const end = await install(one, signal, context);
      if (end.kind !== "done") return end;
      // The first installation may write a lock file, by which the next one is another.
      const found = await findInstallations(context.workspace, entries);
      const now =
        found.find((other) => other.dir === one.dir && other.cmds[0]?.[0] === one.cmds[0]?.[0]) ?? one;
      const inputs = installInputs(now);
      if (inputs !== undefined)
        await remember(context.state, now.id, {
          inputs,
          makes: now.makes.map((name) => resolveFrom(now.dir, name)),
        });
      return end;
    },
  };
}

async function install(one: Installation, signal: AbortSignal, context: SetupContext): Promise<UnitEnd> {
  const { workspace, host, guard } = context;
  const pkg = packageAt(workspace, one.dir);
  const made = await environmentOrReason(pkg, context);
  if (!made.ok) return { kind: "failed", reason: made.error };
  const { env, mask } = made.value;
  const cmds: readonly ShellWords[] =
    typeof one.cmds === "string"
      ? [shellWords(one.cmds, pkg, host.os)]
      : one.cmds.map((argv) => ({ argv, env: {} }));
  for (const { argv, env: further } of cmds) {
    const { timeoutMs } = one.options;
    const ran = await runStepCommand({
      argv,
      cwd: one.dir,
      env: { ...env, ...further },
      signal,
      guard,
      ...(timeoutMs === undefined ? {} : { limitMs: timeoutMs }),
    });
    if (ran.ok) continue;
    const { reason, log } = ran.error;
    const label = typeof one.cmds === "string" ? one.label : argv.join(" ");
    return { kind: "failed", reason: mask(`${label}: ${reason}`), log: mask(log) };
  }
  return { kind: "done", detail: one.label };
}

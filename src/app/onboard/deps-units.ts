import type { DepsEntry, SetupStep } from "#core/onboard/setup-settings";
import type { SetupUnit, UnitEnd, UnitLook } from "#engine/onboard/setup-unit";
import { runStepCommand, shellArgv } from "#engine/onboard/run-command";
import { findInstallations } from "./find-installs";
import type { Installation } from "./find-installs";
import { remember } from "./remembered";
import type { UnitInputs } from "./remembered";
import { environmentOrReason, packageAt } from "./setup-context";
import type { SetupContext } from "./setup-context";
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
  const paths = Map.groupBy(found, ({ path }) => path);
  return found.map((one) => {
    const place = one.path === "." ? step.id : `${step.id} ${one.path}`;
    const id = (paths.get(one.path)?.length ?? 0) > 1 ? `${place} (${one.label.split(" ", 1)[0] ?? ""})` : place;
    return installUnit({ id, step: step.id, needs }, one, context);
  });
}

function installUnit(
  { id, step, needs }: Pick<SetupUnit, "id" | "step" | "needs">,
  one: Installation,
  context: SetupContext,
): SetupUnit {
  const { options, label } = one;
  const inputs: UnitInputs = { dir: one.dir, globs: options.inputs ?? one.reads, facts: [label] };
  // Where nothing says what is fetched, nothing says either that it has not changed.
  const remembered = inputs.globs.length === 0 ? undefined : inputs;
  return {
    id,
    step,
    needs,
    optional: options.optional,
    look: async (): Promise<UnitLook> =>
      (await lookAtStep({ id, options }, remembered, context)) ?? { kind: "todo", detail: label },
    act: async ({ signal }): Promise<UnitEnd> => {
      await context.state.set(id, undefined);
      const end = await install(one, signal, context);
      if (end.kind === "done" && remembered !== undefined)
        await remember(context.state, id, {
          inputs: remembered,
          makes: one.makes.map((name) => `${one.dir}/${name}`),
        });
      return end;
    },
  };
}

async function install(one: Installation, signal: AbortSignal, context: SetupContext): Promise<UnitEnd> {
  const { workspace, host, guard } = context;
  const made = await environmentOrReason(packageAt(workspace, one.dir), context);
  if (!made.ok) return { kind: "failed", reason: made.error };
  const { env, mask } = made.value;
  const cmds = typeof one.cmds === "string" ? [shellArgv(host.os, one.cmds)] : one.cmds;
  for (const argv of cmds) {
    const { timeoutMs } = one.options;
    const ran = await runStepCommand({
      argv,
      cwd: one.dir,
      env,
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

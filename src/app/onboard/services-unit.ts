import type { OwnCheck } from "#core/onboard/doctor-settings";
import type { SetupStep } from "#core/onboard/setup-settings";
import { probeCheck } from "#engine/onboard/probe-check";
import type { SetupUnit, UnitContext, UnitEnd, UnitLook } from "#engine/onboard/setup-unit";
import { monotonicMs } from "#system/clock/clock";
import { pause } from "#system/clock/pause";
import { pathExists } from "#system/fs/path-exists";
import { commandWork, runWork } from "./command-unit";
import type { ShellWords } from "#engine/onboard/run-command";
import { environmentOrReason } from "./setup-context";
import type { SetupContext } from "./setup-context";
import { shellWords } from "./shell-words";
import { inputsOf, lookAtStep } from "./step-look";

const COMPOSE_FILES = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"] as const;

const COMPOSE = "docker compose up --detach --wait";
const WAIT_MS = 60_000;
const PAUSE_MS = 200;

/** The name of the Compose file in a folder. */
export async function composeFile(dir: string): Promise<string | undefined> {
  for (const name of COMPOSE_FILES) if (await pathExists(`${dir}/${name}`)) return name;
  return undefined;
}

/** The step that starts what tasks talk to, and waits until it answers. */
export async function servicesUnit(
  step: SetupStep & { readonly kind: "services" },
  needs: readonly string[],
  context: SetupContext,
): Promise<SetupUnit> {
  const compose = step.cmd === undefined ? await composeFile(context.workspace.root) : undefined;
  const cmd = step.cmd ?? (compose === undefined ? undefined : COMPOSE);
  const waited = (step.wait ?? []).flatMap((name) => context.checks.get(name) ?? []);
  const inputs = inputsOf(step, cmd ?? "", context);
  return {
    id: step.id,
    step: step.id,
    needs,
    // Nobody has said that the services of a file that was only found are needed.
    optional: step.options.optional || compose !== undefined,
    look: async (): Promise<UnitLook> => {
      const out = await lookAtStep(step, inputs, context);
      if (out !== undefined) return out;
      if (cmd === undefined && waited.length === 0)
        return { kind: "skip", detail: "no [setup.services], no Compose file" };
      if (waited.length > 0 && (await firstUnanswered(waited, context, NEVER)) === undefined)
        return { kind: "done", detail: `${waited.map(({ name }) => name).join(", ")}: up` };
      return { kind: "todo", detail: cmd ?? `wait for ${waited.map(({ name }) => name).join(", ")}` };
    },
    act: async (unit): Promise<UnitEnd> => {
      if (cmd !== undefined) {
        const { timeoutMs: limitMs } = step.options;
        const end = await runWork(commandWork(cmd), { signal: unit.signal, limitMs, context });
        if (end.kind === "failed") return end;
      }
      return waitFor(waited, {
        unit,
        context,
        limitMs: step.options.timeoutMs ?? WAIT_MS,
        done: cmd ?? "up",
      });
    },
  };
}

const NEVER = new AbortController().signal;

interface Wait {
  readonly unit: UnitContext;
  readonly context: SetupContext;
  readonly limitMs: number;
  readonly done: string;
}

/** Asks again and again until every check is good. */
async function waitFor(
  checks: readonly OwnCheck[],
  { unit, context, limitMs, done }: Wait,
): Promise<UnitEnd> {
  const began = monotonicMs();
  for (;;) {
    const open = await firstUnanswered(checks, context, unit.signal);
    if (open === undefined) return { kind: "done", detail: done };
    if (unit.signal.aborted) return { kind: "failed", reason: "interrupted" };
    if (monotonicMs() - began > limitMs) {
      const { check, reason } = open;
      return {
        kind: "failed",
        reason: `${check.name} is not up after ${limitMs / 1000} s: ${reason}`,
        ...(check.hint === undefined ? {} : { hint: check.hint }),
      };
    }
    unit.report(`waits for ${open.check.name}`);
    await pause(PAUSE_MS);
  }
}

/** The first check that is not good, and why. */
async function firstUnanswered(
  checks: readonly OwnCheck[],
  context: SetupContext,
  signal: AbortSignal,
): Promise<{ readonly check: OwnCheck; readonly reason: string } | undefined> {
  const [first] = checks;
  if (first === undefined) return undefined;
  const { workspace, host } = context;
  const made = await environmentOrReason(workspace.rootPackage, context);
  if (!made.ok) return { check: first, reason: made.error };
  const { env, mask } = made.value;
  const shell = (cmd: string): ShellWords => shellWords(cmd, workspace.rootPackage, host.os);
  const place = { shell, cwd: workspace.root, env, signal, guard: context.guard };
  for (const check of checks) {
    const answer = await probeCheck(check, place);
    if (!answer.ok) return { check, reason: mask(answer.error) };
  }
  return undefined;
}

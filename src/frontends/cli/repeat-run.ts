import type { Result } from "#base/result";
import type { PlannedRun } from "#app/operations/plan-run";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { onEndSignals } from "#system/signals";
import { print } from "#system/stdio/print";
import { refuse } from "./refuse";
import { isOn, textOption } from "./session";
import type { Session } from "./session";
import type { LaunchedRun } from "./launch-run";

/** How a run is repeated. */
export interface Repetition {
  /** Plans it anew: what conditions found in one run says nothing about the next. */
  readonly plan: () => Promise<Result<PlannedRun, Problems>>;
  readonly launch: (planned: PlannedRun) => Promise<Result<LaunchedRun, Problems>>;
}

/**
 * Runs the same again and again, each time as a run of its own: `--repeat` times, with `--until-fail` without an end. The
 * first that fails or is interrupted is the last. Gives its exit code, and says how far it has come.
 */
export async function repeatRun(session: Session, { plan, launch }: Repetition): Promise<number> {
  const { options } = session;
  const given = textOption(options, "repeat");
  const most = given === undefined ? Number.POSITIVE_INFINITY : Number(given);
  if (most < 1)
    return refuse(
      session,
      usageProblem("E183", { name: "--repeat", expected: "a number from 1", found: given ?? "" }),
    );
  const of = given === undefined ? "" : ` of ${most}`;
  const say = (text: string): Promise<void> =>
    isOn(options, "quiet") ? Promise.resolve() : print("stderr", `${text}\n`);
  for (let number = 1; number <= most; number += 1) {
    const planned = await plan();
    if (!planned.ok) return refuse(session, planned.error);
    await say(`run ${number}${of}`);
    const launched = await launch(planned.value);
    if (!launched.ok) return refuse(session, launched.error);
    const { control, result, finish } = launched.value;
    const signals = onEndSignals((signal) => control.interrupt(signal));
    const { interrupted } = await result;
    signals[Symbol.dispose]();
    const exitCode = await finish();
    if (interrupted !== undefined) {
      await say(`interrupted in run ${number}${of}`);
      return exitCode;
    }
    if (exitCode !== 0) {
      await say(`run ${number}${of} failed, ${number - 1} ok`);
      return exitCode;
    }
  }
  await say(`${most}${of} runs ok`);
  return 0;
}

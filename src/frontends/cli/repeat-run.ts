import { concatBytes } from "#base/concat-bytes";
import type { Result } from "#base/result";
import type { PlannedRun } from "#app/operations/plan-run";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { onEndSignals } from "#system/signals";
import { print } from "#system/stdio/print";
import { refuse } from "./refuse";
import { formatOption, isOn, textOption } from "./session";
import type { Session } from "./session";
import type { LaunchedRun } from "./launch-run";

/** How a run is repeated. */
export interface Repetition {
  /** Plans it anew: what conditions found in one run says nothing about the next. */
  readonly plan: () => Promise<Result<PlannedRun, Problems>>;
  readonly launch: (
    planned: PlannedRun,
    takeShown?: (bytes: Uint8Array) => void,
  ) => Promise<Result<LaunchedRun, Problems>>;
}

/**
 * Runs the same again and again, each time as a run of its own: `--repeat` times, with `--until-fail` without an end. The
 * first that fails or is interrupted is the last. Gives its exit code, and says how far it has come. Of documents only
 * that of the last run is printed: nothing else is to come to standard output.
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
  const isJson = formatOption(options) === "json";
  let shown: Uint8Array[] = [];
  const end = async (exitCode: number, said: string): Promise<number> => {
    await print("stdout", new TextDecoder().decode(concatBytes(shown)));
    await say(said);
    return exitCode;
  };
  for (let number = 1; number <= most; number += 1) {
    const planned = await plan();
    if (!planned.ok) return refuse(session, planned.error);
    await say(`run ${number}${of}`);
    shown = [];
    const launched = await launch(planned.value, isJson ? (bytes) => void shown.push(bytes) : undefined);
    if (!launched.ok) return refuse(session, launched.error);
    const { control, result, finish } = launched.value;
    const signals = onEndSignals((signal) => control.interrupt(signal));
    const { interrupted } = await result;
    signals[Symbol.dispose]();
    const exitCode = await finish();
    if (interrupted !== undefined) return end(exitCode, `interrupted in run ${number}${of}`);
    if (exitCode !== 0) return end(exitCode, `run ${number}${of} failed, ${number - 1} ok`);
  }
  return end(0, `${most}${of} runs ok`);
}

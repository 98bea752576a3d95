import { within } from "#system/clock/within";
import type { DoctorCheck, Finding } from "./finding";

/** Asks all questions at once, each within its time and until all are given up. A check that does not come to an end is itself a finding. */
export async function runChecks(
  checks: readonly DoctorCheck[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { promise: given, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve());
  if (signal.aborted) resolve();
  return (await Promise.all(checks.map((check) => looked(check, given)))).flat();
}

async function looked(
  { name, limitMs, look, heedsSignal }: DoctorCheck,
  givenUp: Promise<void>,
): Promise<readonly Finding[]> {
  let found: readonly Finding[] | undefined;
  const looking = look().then((findings) => void (found = findings));
  await within(limitMs, heedsSignal === true ? looking : Promise.race([givenUp, looking]));
  return (
    found ?? [
      {
        check: name,
        name,
        state: "warning",
        detail: `no answer within ${limitMs / 1000} s, or interrupted before`,
      },
    ]
  );
}

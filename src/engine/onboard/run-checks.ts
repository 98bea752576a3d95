import { within } from "#system/clock/within";
import type { DoctorCheck, Finding } from "./finding";

/** Asks all questions at once, each within its time. A check that does not come to an end is itself a finding. */
export async function runChecks(
  checks: readonly DoctorCheck[],
  report: (findings: readonly Finding[]) => void,
): Promise<readonly Finding[]> {
  const all = await Promise.all(
    checks.map(async (check) => {
      const findings = await looked(check);
      report(findings);
      return findings;
    }),
  );
  return all.flat();
}

async function looked({ name, limitMs, look }: DoctorCheck): Promise<readonly Finding[]> {
  let found: readonly Finding[] | undefined;
  await within(
    limitMs,
    look().then((findings) => (found = findings)),
  );
  return (
    found ?? [
      { check: name, name, state: "warning", detail: `no answer within ${limitMs / 1000} s; it was given up` },
    ]
  );
}

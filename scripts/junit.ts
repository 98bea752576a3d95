/** How many test cases ended how. */
export interface TestTotals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Reads the totals of the outermost element of a JUnit report; undefined when the text is no such report. */
export function totalsOf(report: string): TestTotals | undefined {
  const head = /<testsuites\b[^>]*>/.exec(report)?.[0];
  if (head === undefined) return undefined;
  const count = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const [failed, skipped] = [count("failures") + count("errors"), count("skipped")];
  return { passed: count("tests") - failed - skipped, failed, skipped };
}

/** `12 passed, 0 failed`, and `, 3 skipped` when some were. */
export function describeTotals(totals: TestTotals): string {
  const skipped = totals.skipped === 0 ? "" : `, ${totals.skipped} skipped`;
  return `${totals.passed} passed, ${totals.failed} failed${skipped}`;
}

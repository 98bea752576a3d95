import { expect, test } from "bun:test";
import { describeTotals, totalsOf } from "./junit";

const report = (attributes: string) =>
  `<?xml version="1.0"?>\n<testsuites name="bun test" ${attributes} time="0.1">\n  <testsuite tests="9" failures="9">`;

test("totals come from the outermost element and leave failed and skipped cases out of the passed", () => {
  expect(totalsOf(report('tests="10" assertions="7" failures="2" skipped="3"'))).toEqual({
    passed: 5,
    failed: 2,
    skipped: 3,
  });
});

test("a text that is no report has no totals", () => {
  expect(totalsOf("")).toBeUndefined();
});

test("the plain line names skipped cases only when there are some", () => {
  expect(describeTotals({ passed: 5, failed: 0, skipped: 0 })).toBe("5 passed, 0 failed");
  expect(describeTotals({ passed: 5, failed: 1, skipped: 2 })).toBe("5 passed, 1 failed, 2 skipped");
});

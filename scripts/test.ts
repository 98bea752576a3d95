/**
 * `bun run test [files or words]`: builds the binary when its sources changed, runs the tests, and ends with the line
 * `N passed, N failed`. Further arguments and flags go to `bun test`. With `--with-check` each check of
 * `bun run check` runs before and counts as a test.
 */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ensureBinary } from "#tests/support/binary";
import { runChecks } from "./check";
import { describeTotals, totalsOf, type TestTotals } from "./junit";
import { projectRoot } from "./project";

const REPORT = join(projectRoot, "dist/test-report.xml");
const TEST_FOLDERS = ["./src", "./scripts", "./tests"];
const TEST_TIMEOUT_MS = 60_000;
const PARALLEL_FILES = 2;
const NO_TOTALS: TestTotals = { passed: 0, failed: 0, skipped: 0 };

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const checks = args.includes("--with-check") ? { ...NO_TOTALS, ...(await runChecks()) } : NO_TOTALS;
  const tests = await runTests(args.filter((arg) => arg !== "--with-check"));
  const totals = {
    passed: checks.passed + tests.passed,
    failed: checks.failed + tests.failed,
    skipped: tests.skipped,
  };
  console.log(describeTotals(totals));
  return totals.failed === 0 ? 0 : 1;
}

/** Runs `bun test`; whatever keeps the tests from running to their end counts as one failure. */
async function runTests(args: readonly string[]): Promise<TestTotals> {
  try {
    await ensureBinary();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return { ...NO_TOTALS, failed: 1 };
  }
  await mkdir(join(projectRoot, "dist"), { recursive: true });
  await rm(REPORT, { force: true });
  const exitCode = await bunTest(args);
  const report = Bun.file(REPORT);
  const totals = (await report.exists()) ? totalsOf(await report.text()) : undefined;
  if (totals === undefined) {
    console.error(
      `the test run ended with exit code ${exitCode} and left no report: it was cut short, or no test ran`,
    );
    return { ...NO_TOTALS, failed: 1 };
  }
  if (totals.passed + totals.failed === 0) {
    console.error("no test ran");
    return { ...totals, failed: 1 };
  }
  // An error outside of any test is in the exit code alone.
  return exitCode !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals;
}

async function bunTest(args: readonly string[]): Promise<number> {
  const hasSelection = args.some((arg) => !arg.startsWith("-"));
  const child = Bun.spawn(
    [
      process.execPath,
      "test",
      `--parallel=${PARALLEL_FILES}`,
      `--timeout=${TEST_TIMEOUT_MS}`,
      "--only-failures",
      "--reporter=junit",
      `--reporter-outfile=${REPORT}`,
      ...args,
      ...(hasSelection ? [] : TEST_FOLDERS),
    ],
    { cwd: projectRoot, stdin: "ignore", stdout: "inherit", stderr: "inherit", env: process.env },
  );
  return await child.exited;
}

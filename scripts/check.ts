/**
 * `bun run check`: everything about the source that can be checked without running the program, in seconds.
 * All checks run; each problem is printed as `file:line: rule: reason`. Exit code 1 if any check failed.
 */
import { join } from "node:path";
import { checkBans } from "./check-bans";
import { checkLayers } from "./check-layers";
import { checkSize, describeSizes } from "./check-size";
import { GENERATORS, staleFiles } from "./generate";
import { projectRoot, runCommand } from "./project";
import { readSourceFiles, type SourceFile, type Violation } from "./source-files";

/** What a check has to say, line by line; notes are printed when it passes too. */
interface CheckOutcome {
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

interface Check {
  readonly name: string;
  readonly run: (files: readonly SourceFile[]) => CheckOutcome | Promise<CheckOutcome>;
}

/** Started by Bun, since its own first line asks for Node.js. */
const OXLINT = [process.execPath, join(projectRoot, "node_modules/oxlint/bin/oxlint")];

const CHECKS: readonly Check[] = [
  {
    name: "types",
    run: () =>
      tool([process.execPath, "check", "--no-script", "--no-pretty"], {
        pattern: /^(.+)\((\d+),\d+\): error (.+)$/,
        reason: "$1:$2: types: $3",
      }),
  },
  {
    name: "types of the pages",
    run: () =>
      tool([process.execPath, "check", "-p", "src/frontends/pages/browser", "--no-script", "--no-pretty"], {
        pattern: /^(.+)\((\d+),\d+\): error (.+)$/,
        reason: "$1:$2: types: $3",
      }),
  },
  {
    name: "lint",
    run: () =>
      tool([...OXLINT, "--format=unix", "--deny-warnings"], {
        pattern: /^(.+?):(\d+):\d+: (.+?) \[\w+\/(.+)\]$/,
        reason: "$1:$2: $4: $3",
      }),
  },
  {
    name: "format",
    run: () =>
      tool([process.execPath, "fmt", "--no-script", "--check"], {
        pattern: /^([^ ]+)$/,
        reason: "$1:1: format: run `bun fmt`",
      }),
  },
  { name: "layers", run: (files) => fromViolations(checkLayers(files)) },
  { name: "bans", run: (files) => fromViolations(checkBans(files)) },
  { name: "sizes", run: sizes },
  { name: "generated files", run: async () => fromViolations(await staleFiles(GENERATORS)) },
];

if (import.meta.main) process.exitCode = (await runChecks()).failed === 0 ? 0 : 1;

/** Runs every check, prints the outcome, and counts the checks that passed and failed. */
export async function runChecks(): Promise<{ readonly passed: number; readonly failed: number }> {
  const files = await readSourceFiles();
  const outcomes = await Promise.all(
    CHECKS.map(async (check) => ({ name: check.name, ...(await check.run(files)) })),
  );
  for (const { name, problems, notes } of outcomes) {
    for (const line of problems) console.log(line);
    for (const line of notes) console.log(`  ${line}`);
    console.log(`check ${name}: ${problems.length === 0 ? "passed" : "failed"}`);
  }
  const failed = outcomes.filter((outcome) => outcome.problems.length > 0).length;
  console.log(`check: ${outcomes.length - failed} of ${outcomes.length} passed`);
  return { passed: outcomes.length - failed, failed };
}

/**
 * Runs a program that exits with another code than zero when it finds something. Its lines that match `pattern` become
 * problems in the form of `reason`; if none does, all of its output is the problem.
 */
async function tool(
  command: readonly string[],
  line: { readonly pattern: RegExp; readonly reason: string },
): Promise<CheckOutcome> {
  const { exitCode, stdout, stderr } = await runCommand(command);
  if (exitCode === 0) return { problems: [], notes: [] };
  const lines = `${stdout}\n${stderr}`.split("\n").filter((text) => text.trim() !== "");
  const problems = lines
    .filter((text) => line.pattern.test(text))
    .map((text) => text.replace(line.pattern, line.reason));
  if (problems.length > 0) return { problems: [...new Set(problems)], notes: [] };
  return { problems: lines.length > 0 ? lines : [`${command.join(" ")} exited with ${exitCode}`], notes: [] };
}

function sizes(files: readonly SourceFile[]): CheckOutcome {
  const report = checkSize(files);
  const notes = [describeSizes("files", report.files), describeSizes("functions", report.functions)];
  return { ...fromViolations(report.violations), notes };
}

function fromViolations(violations: readonly Violation[]): CheckOutcome {
  const sorted = violations.toSorted((left, right) =>
    left.path === right.path ? left.line - right.line : left.path < right.path ? -1 : 1,
  );
  return {
    problems: sorted.map(({ path, line, rule, reason }) => `${path}:${line}: ${rule}: ${reason}`),
    notes: [],
  };
}

/**
 * Measures the lengths of files and functions, prints their distribution, and fails on what is over the hard limit.
 * Lines count from the first to the last of a file or a function, blanks and comments included.
 */
import { functionsOf } from "./functions";
import { isTest, isTypeScript, type SourceFile, type Violation } from "./source-files";

const MAX_FILE_LINES = 500;
const MAX_FUNCTION_LINES = 70;

/** Files over a limit for a reason: tables of data, grammars, golden files. The list may only shrink. */
const EXEMPT: readonly { readonly path: string; readonly reason: string }[] = [];

/** How many there are, and the lengths in lines that half and nine tenths of them stay within. */
interface Distribution {
  readonly count: number;
  readonly median: number;
  readonly p90: number;
  readonly longest: number;
}

/** What the check found, and the two lines to print about it. */
export interface SizeReport {
  readonly violations: readonly Violation[];
  readonly files: Distribution;
  readonly functions: Distribution;
}

/** Measures all TypeScript files; functions of tests are not limited, since a suite is one function. */
export function checkSize(files: readonly SourceFile[]): SizeReport {
  const sources = files.filter((file) => isTypeScript(file.path));
  const violations: Violation[] = [];
  const fileLengths: number[] = [];
  const functionLengths: number[] = [];
  for (const file of sources) {
    const isExempt = EXEMPT.some((entry) => entry.path === file.path);
    const lines = lineCount(file.text);
    fileLengths.push(lines);
    if (lines > MAX_FILE_LINES && !isExempt) {
      const reason = `${lines} lines, at most ${MAX_FILE_LINES} are allowed`;
      violations.push({ path: file.path, line: MAX_FILE_LINES + 1, rule: "file-size", reason });
    }
    if (isTest(file.path)) continue;
    for (const found of functionsOf(file.code)) {
      functionLengths.push(found.lines);
      if (found.lines <= MAX_FUNCTION_LINES || isExempt) continue;
      const reason = `${found.name} has ${found.lines} lines, at most ${MAX_FUNCTION_LINES} are allowed`;
      violations.push({ path: file.path, line: found.line, rule: "function-size", reason });
    }
  }
  for (const { path } of EXEMPT) {
    if (sources.some((file) => file.path === path)) continue;
    violations.push({
      path,
      line: 1,
      rule: "exemption",
      reason: "is exempt from size limits but does not exist",
    });
  }
  return { violations, files: distribution(fileLengths), functions: distribution(functionLengths) };
}

/** One printable line, such as `files: 40, median 60 lines, p90 180, longest 240`. */
export function describeSizes(what: string, sizes: Distribution): string {
  return `${what}: ${sizes.count}, median ${sizes.median} lines, p90 ${sizes.p90}, longest ${sizes.longest}`;
}

function distribution(lengths: readonly number[]): Distribution {
  const sorted = lengths.toSorted((left, right) => left - right);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { count: sorted.length, median: at(0.5), p90: at(0.9), longest: at(1) };
}

function lineCount(text: string): number {
  return text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

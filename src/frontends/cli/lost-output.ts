import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { systemReason } from "#system/fs/system-reason";
import { isTerminal } from "#system/stdio/is-terminal";
import { isTerminalGone } from "#system/stdio/is-terminal-gone";
import type { ByteWriter } from "#system/stdio/writer";

/**
 * What has kept standard output from being whole, as E190. A reader that has gone away, a stream that was never open and
 * a terminal that is no more have nobody who would miss anything.
 */
export function lostOutput(writer: ByteWriter): Problems | undefined {
  const problem = writer.problem("stdout");
  if (problem === undefined || problem.closed || problem.code === "EBADF") return undefined;
  if (isTerminal(1) || isTerminalGone("stdout", problem.code)) return undefined;
  return usageProblem("E190", { path: "standard output", reason: systemReason(new Error(problem.message)) });
}

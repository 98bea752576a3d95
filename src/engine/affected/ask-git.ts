import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { gitEnvironment } from "#system/git/git-environment";
import { CHECKED_OUT } from "#system/git/head-commit";
import { answersOf } from "#system/fs/read-trace";
import { captureCommand } from "#system/process/capture";

/** Why git gave no answer. */
export interface GitRefusal {
  /** Its exit code; null where it was not started or took too long. */
  readonly code: number | null;
  /** One line. */
  readonly reason: string;
}

/** How it is noted that changes were looked for, which is done anew by every command that is about them. */
export const CHANGES_ASKED: ReadonlySet<string> = new Set([answersOf("git"), CHECKED_OUT]);

const LIMIT_MS = 60_000;

/** What git printed. It must not write to the repository only to be asked. */
export async function askGit(
  folder: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<Result<string, GitRefusal>> {
  const asked = await captureCommand({
    argv: ["git", ...args],
    cwd: folder,
    env: gitEnvironment(env),
    limitMs: LIMIT_MS,
  });
  if (!asked.ok) return err({ code: null, reason: "it can't be started; is it installed?" });
  const { exitCode, stdout, stderr } = asked.value;
  if (exitCode === 0) return ok(stdout);
  if (exitCode === null) return err({ code: null, reason: `it timed out after ${LIMIT_MS / 1000} s` });
  // The one refusal that is about the machine: who may trust whom.
  if (stderr.includes("dubious ownership"))
    return err({ code: exitCode, reason: "the repository belongs to another user" });
  const line = stderr.split("\n").find((text) => text.trim() !== "") ?? `exit code ${exitCode}`;
  return err({ code: exitCode, reason: line.replace(/^(?:fatal|error): /, "") });
}

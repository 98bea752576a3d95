import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { captureCommand } from "#system/process/capture";

const LIMIT_MS = 30_000;

/** Starts a program for its `--version`, and says what is wrong where it is not the expected one. */
export async function expectVersion(
  program: string,
  version: string,
  env: Readonly<Record<string, string>>,
): Promise<Result<void, string>> {
  // Options that variables set are for the commands of the user.
  const plain = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("ZR_")));
  const said = await captureCommand({
    argv: [program, "--version"],
    cwd: program.slice(0, program.lastIndexOf("/")) || "/",
    env: plain,
    limitMs: LIMIT_MS,
  });
  if (!said.ok) return err("the system does not start it");
  const { exitCode, stdout } = said.value;
  if (exitCode === null) return err("it did not answer");
  if (exitCode !== 0) return err(`it ended with ${exitCode}`);
  const words = stdout.trim().split(/\s+/);
  return words.includes(version) ? ok(undefined) : err("it says another version");
}

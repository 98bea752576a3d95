import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { captureCommand } from "#system/process/capture";
import { which } from "#system/which";
import { TRACED_CALLS } from "./strace-reader";

const LIMIT_MS = 10_000;

/** Those that this kind of machine does not have are passed over. */
const TRACE = `trace=${TRACED_CALLS.map((call) => `?${call}`).join(",")}`;

/** Gives the words to put before a command, for what it does to be written into a file. */
export type StraceWords = (output: string) => readonly string[];

/** Finds out how commands can be watched on this machine; the error says why they can't, in words. */
export async function straceWords(
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Result<StraceWords, string>> {
  const program = which("strace", { path: env["PATH"] ?? "", cwd });
  if (program === undefined)
    return err(
      "strace is not there; install it (`apt install strace`, `dnf install strace`, `apk add strace`)",
    );
  let reason = "";
  // Older ones don't know how to stop a command only at the calls that are watched, which is much faster.
  for (const fast of [["--seccomp-bpf"], []]) {
    const flags = ["-f", ...fast, "-y", "-s", "0", "-e", TRACE, "-e", "signal=none"];
    const words: StraceWords = (output) => [program, ...flags, "-o", output, "--"];
    const tried = await captureCommand({
      argv: [...words("/dev/null"), "true"],
      cwd,
      env,
      limitMs: LIMIT_MS,
    });
    if (tried.ok && tried.value.exitCode === 0) return ok(words);
    reason = tried.ok ? (tried.value.stderr.trim().split("\n").at(-1) ?? "") : "";
  }
  return err(
    `strace can't watch commands here${reason === "" ? "" : ` (${reason})`}; in a container that takes the capability SYS_PTRACE`,
  );
}

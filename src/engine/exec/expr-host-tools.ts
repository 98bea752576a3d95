import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { HostFailure, ShellOutcome } from "#core/expr/host";
import { captureCommand } from "#system/process/capture";
import { which } from "#system/which";

export interface ToolPlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface ShellPlace extends ToolPlace {
  /** The argv of the shell, which ends where the text goes. */
  readonly shell: readonly string[];
  readonly limitMs: number;
}

const VERSION_LIMIT_MS = 10_000;
/** The usual way to ask, then that of programs with subcommands. */
const VERSION_ARGUMENTS = ["--version", "version"];
const VERSION = /(?<![\d.])\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?/;
const SHORT_VERSION = /(?<![\d.])\d+\.\d+(?![\d.]*\d)/;

export async function runShell(
  place: ShellPlace,
  command: string,
): Promise<Result<ShellOutcome, HostFailure>> {
  const { shell, cwd, env, limitMs } = place;
  const run = await captureCommand({ argv: [...shell, command], cwd, env, limitMs });
  if (!run.ok) return err({ reason: `the shell ${shell[0] ?? ""} can't be started in ${cwd}` });
  const { stdout, exitCode } = run.value;
  if (exitCode === null) return err({ reason: `timed out after ${limitMs / 1000} s` });
  return ok({ output: stdout.trimEnd(), exitCode });
}

export function findTool({ cwd, env }: ToolPlace, tool: string): string | null {
  return which(tool, { path: env["PATH"] ?? "", cwd }) ?? null;
}

/** The first version that the tool names when it is asked for one; null where it isn't there. */
export async function toolVersion(
  place: ToolPlace,
  tool: string,
): Promise<Result<string | null, HostFailure>> {
  const program = findTool(place, tool);
  if (program === null) return ok(null);
  for (const argument of VERSION_ARGUMENTS) {
    const asked = await captureCommand({ argv: [program, argument], ...place, limitMs: VERSION_LIMIT_MS });
    if (!asked.ok) return err({ reason: `${program} can't be started` });
    const { stdout, stderr, exitCode } = asked.value;
    if (exitCode === null)
      return err({ reason: `${tool} ${argument} timed out after ${VERSION_LIMIT_MS / 1000} s` });
    const version = versionIn(stdout) ?? versionIn(stderr);
    if (exitCode === 0 && version !== undefined) return ok(version);
  }
  return err({ reason: `${tool} does not say its version` });
}

function versionIn(text: string): string | undefined {
  return (VERSION.exec(text) ?? SHORT_VERSION.exec(text))?.[0];
}

/** Where the repository lies and what the scripts share about running things in it. */
import { fileURLToPath } from "node:url";

/** The repository's folder, without a trailing slash. */
export const projectRoot: string = fileURLToPath(new URL("..", import.meta.url)).replace(/[/\\]$/, "");

/** What a finished command left behind. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in the repository (or `cwd`) to its end, keeping its output. A missing command gives exit code 127. */
export async function runCommand(
  command: readonly string[],
  options: { readonly cwd?: string } = {},
): Promise<CommandResult> {
  const [name = ""] = command;
  const executable = name.includes("/") ? name : Bun.which(name);
  if (executable === null) return { exitCode: 127, stdout: "", stderr: `${name}: command not found\n` };
  const child = Bun.spawn([executable, ...command.slice(1)], {
    cwd: options.cwd ?? projectRoot,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: process.env,
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { exitCode, stdout, stderr };
}

import { shellOf } from "#core/plan/shells";
import type { Package } from "#core/workspace/workspace";
import { shellCommand } from "#engine/exec/command";
import type { ShellWords } from "#engine/onboard/run-command";

/** How the shell of a package's `[global]` runs a text, as it does for tasks. */
export function shellWords(cmd: string, { config }: Pick<Package, "config">, os: string): ShellWords {
  // Never without a shell, since nothing would try again with one where that fails.
  const shell = { ...shellOf(config.global.shell, os), explicit: true };
  const { argv, env = {} } = shellCommand(cmd, shell, []);
  return { argv, env };
}

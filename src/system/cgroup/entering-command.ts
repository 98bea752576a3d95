import type { CgroupScope } from "./cgroup-scope";

/**
 * The words that start a program through the system's shell, inside of a scope where one is given: it is in there before
 * anything of it is executed. The shell also runs scripts that begin without `#!`.
 */
export const enteringCommand = (
  scope: CgroupScope | undefined,
  argv: readonly string[],
): readonly string[] =>
  scope === undefined
    ? ["/bin/sh", "-c", 'exec "$@"', "zr", ...argv]
    : ["/bin/sh", "-c", '{ echo 0 > "$0"; } 2>/dev/null; exec "$@"', scope.entrance, ...argv];

/** Where the shell is, by the search path that it was found on. */
const known = new Map<string, string>();

/**
 * The path of `sh`, which most children are, as a search through PATH finds it: it is searched for once, since that takes
 * a tenth of the work of a start. Undefined for any other program, which may come to be while tasks run.
 */
export function knownShell(name: string, env: Readonly<Record<string, string>>): string | undefined {
  const { PATH } = env;
  if (name !== "sh" || PATH === undefined) return undefined;
  let path = known.get(PATH);
  if (path === undefined) {
    const found = Bun.which(name, { PATH });
    if (found?.startsWith("/") !== true) return undefined;
    known.set(PATH, (path = found));
  }
  return path;
}

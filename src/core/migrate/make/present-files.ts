import { inFolder } from "./target-keys";

/**
 * Whether a file or folder of a name is there now; undefined where that is not known (yet), as for what lies outside.
 *
 * @param files files that match a pattern; undefined where nobody has looked yet.
 */
export function isThere(
  name: string,
  files: (pattern: string) => readonly string[] | undefined,
): boolean | undefined {
  const path = inFolder(name).replace(/\/$/, "");
  if (path === "" || /^[/~]|^\.\.|[*?[\]{}\\$%\s]/.test(path)) return undefined;
  const [itself, inside] = [files(path), files(`${path}/*`)];
  return itself === undefined || inside === undefined ? undefined : itself.length + inside.length > 0;
}

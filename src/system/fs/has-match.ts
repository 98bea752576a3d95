/** Whether a file or folder below `folder` matches a glob; what can't be looked at has none. Ends at the first found. */
export async function hasMatch(pattern: string, folder: string): Promise<boolean> {
  try {
    const first = await new Bun.Glob(pattern).scan({ cwd: folder, dot: true, onlyFiles: false }).next();
    return first.done !== true;
  } catch {
    return false;
  }
}

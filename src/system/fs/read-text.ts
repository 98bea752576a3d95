/** What came of reading a file as UTF-8 text. */
export type TextRead =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  | { readonly kind: "folder" }
  | { readonly kind: "unreadable"; readonly reason: string };

/** The text of a file. By the runtime's own file object, which costs a start less than the file system module. */
export async function readText(path: string): Promise<TextRead> {
  try {
    return { kind: "text", text: await Bun.file(path).text() };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "missing" };
    if (code === "EISDIR") return { kind: "folder" };
    if (code === "EACCES" || code === "EPERM") return { kind: "unreadable", reason: "permission denied" };
    return { kind: "unreadable", reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Absolute paths of the files below `folder` that match, in the order of their paths. */
export async function globFiles(pattern: string, folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  try {
    for await (const path of new Bun.Glob(pattern).scan({ cwd: folder, absolute: true, dot: true, onlyFiles: true })) found.push(path.replaceAll("\\", "/"));
  } catch (error) {
    // A folder that vanishes in the middle of a scan ends it; what is gone does not match.
    if (!(error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "EACCES"))) throw error;
  }
  return found.sort();
}

import { noteMissing, noteRead, noteRepeatable } from "./read-trace";

/** What came of reading a file as UTF-8 text. */
export type TextRead =
  | {
      readonly kind: "text";
      readonly text: string;
      /** False where some bytes were no UTF-8 and stand as U+FFFD in the text. */
      readonly isUtf8?: false;
    }
  | { readonly kind: "missing" }
  | { readonly kind: "folder" }
  | { readonly kind: "unreadable"; readonly reason: string };

/** Bytes of the largest file that is read: more can't be a text that the reader of TOML accepts. */
const MAX_BYTES = 4 * 64 * 1024 * 1024;

/**
 * The text of a file. By the runtime's own file object, which costs a start less than the file system module. A pipe or
 * a device is refused, since reading it might never end.
 */
export async function readText(path: string): Promise<TextRead> {
  noteRead(path);
  try {
    const file = Bun.file(path);
    // The size is a look at the file's entry; it is infinite for what is neither file nor folder.
    const { size } = file;
    if (size === Number.POSITIVE_INFINITY) return { kind: "unreadable", reason: "not a regular file" };
    if (size > MAX_BYTES) return { kind: "unreadable", reason: `larger than ${MAX_BYTES / 1024 ** 2} MB` };
    const text = await file.text();
    // Bytes that are no UTF-8 become U+FFFD, which the text may also hold itself.
    if (text.includes("\ufffd") && !isUtf8(await file.bytes())) return { kind: "text", text, isUtf8: false };
    return { kind: "text", text };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT" || code === "ENOTDIR") {
      noteMissing(path);
      return { kind: "missing" };
    }
    if (code === "EISDIR") return { kind: "folder" };
    if (code === "ELOOP") return { kind: "unreadable", reason: "a circle of symbolic links" };
    if (code === "EACCES" || code === "EPERM") return { kind: "unreadable", reason: "permission denied" };
    return { kind: "unreadable", reason: error instanceof Error ? error.message : String(error) };
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Absolute paths of the files below `folder` that match, in the order of their paths. */
export async function globFiles(pattern: string, folder: string): Promise<readonly string[]> {
  noteRepeatable(async () => (await import("./glob-folders")).noteGlobFolders(pattern, folder));
  const found: string[] = [];
  try {
    for await (const path of new Bun.Glob(pattern).scan({
      cwd: folder,
      absolute: true,
      dot: true,
      onlyFiles: true,
    }))
      found.push(path.replaceAll("\\", "/"));
  } catch (error) {
    // A folder that vanishes in the middle of a scan ends it; what is gone does not match.
    if (!(
      error instanceof Error &&
      "code" in error &&
      (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "EACCES")
    ))
      throw error;
  }
  return found.sort();
}

import { filePieces } from "#system/fs/file-pieces";
import { StraceReader } from "./strace-reader";
import type { TouchedFiles } from "./touched-files";

/** No line of strace's own is longer: two paths and some words. */
const MAX_LINE = 64 * 1024;

/**
 * Reads what strace has written about one command; false where it can't be read.
 *
 * @param options.start folder that the command was started in
 */
export async function readTrace(
  path: string,
  { files, start }: { readonly files: TouchedFiles; readonly start: string },
): Promise<boolean> {
  const reader = new StraceReader(files, start);
  const decoder = new TextDecoder("latin1");
  let rest = "";
  try {
    for await (const chunk of filePieces(path)) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > MAX_LINE) rest = "";
      for (const line of lines) reader.line(line);
    }
  } catch {
    return false;
  }
  reader.line(rest);
  return true;
}

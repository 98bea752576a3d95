import { blockingFileSystem } from "#system/runtime-modules";
import { noteMissing, noteRead } from "./read-trace";

/** The text of a small file, read without giving others their turn; undefined where there is none that can be read. */
export function readAtOnce(path: string): string | undefined {
  noteRead(path);
  try {
    return blockingFileSystem().readFileSync(path, { encoding: "utf8", flag: atOnceFlag() });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") noteMissing(path);
    return undefined;
  }
}

/** The bytes of a file of moderate size. Throws the system's error. */
export const readBytesAtOnce = (path: string): Uint8Array =>
  blockingFileSystem().readFileSync(path, { flag: atOnceFlag() });

/**
 * To open a file for reading that may turn out to be a pipe, which would be waited for until someone writes to it: that is
 * as good as empty.
 */
export function atOnceFlag(): number {
  const { O_RDONLY, O_NONBLOCK = 0 } = blockingFileSystem().constants;
  return O_RDONLY | O_NONBLOCK;
}

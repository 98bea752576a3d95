import { blockingFileSystem } from "#system/runtime-modules";

/** The text of a small file, read without giving others their turn; undefined where there is none that can be read. */
export function readAtOnce(path: string): string | undefined {
  try {
    return blockingFileSystem().readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

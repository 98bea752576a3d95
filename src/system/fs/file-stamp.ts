import { blockingFileSystem } from "#system/runtime-modules";

/** What changes when a file is written: time, size and identity; undefined where there is no file. */
export function fileStamp(path: string): string | undefined {
  const found = blockingFileSystem().statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? undefined : `${found.mtimeNs}.${found.size}.${found.ino}`;
}

import { statSync } from "node:fs";

/** Which file is there and when it was written last: another text where it was written once more, even with the same bytes. */
export function writtenAt(path: string): string {
  const { ino, mtimeNs } = statSync(path, { bigint: true });
  return `${ino} ${mtimeNs}`;
}

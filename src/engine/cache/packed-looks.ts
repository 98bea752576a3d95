import { FileLooks } from "#system/fs/file-looks";
import { ENTRY_NUMBERS } from "./stat-index";
import type { PackedIndex } from "./stat-index";

/** Of what is not there. */
const NOTHING = [-1, 0, 0, 0] as const;

/**
 * Numbers, from 0, of the entries of an index that do not surely look as they are stored: all of them where the system
 * has no fast way to look, or where the index does not hold what it says.
 *
 * @param followed what stands before a path that is followed where it is a link.
 */
export function unlikeEntries({ count, numbers, paths }: PackedIndex, followed: string): readonly number[] {
  const ended = new Uint8Array(paths.length + 1);
  ended.set(paths);
  const looks = FileLooks.open(ended);
  const all = (): readonly number[] => Array.from({ length: count }, (_, number) => number);
  if (looks === undefined) return all();
  const mark = new TextEncoder().encode(followed);
  const isMarked = (at: number): boolean => mark.every((byte, index) => ended[at + index] === byte);
  const unlike: number[] = [];
  let at = 0;
  for (let number = 0; number < count; number += 1) {
    const follows = isMarked(at);
    const from = number * ENTRY_NUMBERS;
    const isThere = looks.look(follows ? at + mark.length : at, follows);
    const isSame = isThere
      ? numbers[from] === looks.size &&
        numbers[from + 1] === looks.mtimeMs &&
        numbers[from + 2] === looks.ctimeMs &&
        numbers[from + 3] === looks.inode
      : NOTHING.every((value, index) => numbers[from + index] === value);
    if (!isSame) unlike.push(number);
    at = ended.indexOf(0, at) + 1;
    if (at === 0) return all();
  }
  return at === ended.length ? unlike : all();
}

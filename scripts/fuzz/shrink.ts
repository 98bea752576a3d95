import type { FuzzCase } from "./fuzz-target";

/** Says whether a case still fails in the same way. */
export type StillFails = (made: FuzzCase) => Promise<boolean>;

/**
 * A smaller case that fails in the same way: words, then files, then parts of files are left out as long as it does.
 * The parts are halved until they are single characters, as in delta debugging (Zeller and Hildebrandt, "Simplifying and
 * Isolating Failure-Inducing Input", 2002).
 *
 * @param end when to be content with what there is, in ms as `Date.now()` counts.
 */
export async function shrink(made: FuzzCase, stillFails: StillFails, end: number): Promise<FuzzCase> {
  let best = made;
  const accept = async (candidate: FuzzCase): Promise<boolean> => {
    if (Date.now() > end || !(await stillFails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let index = best.words.length - 1; index >= 0; index -= 1)
    await accept({ ...best, words: best.words.toSpliced(index, 1) });
  for (const name of Object.keys(best.files)) {
    if (Object.keys(best.files).length === 1) break;
    await accept({
      ...best,
      files: Object.fromEntries(Object.entries(best.files).filter(([key]) => key !== name)),
    });
  }
  for (const name of Object.keys(best.files)) {
    const text = (): string => best.files[name] ?? "";
    for (let size = Math.ceil(text().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < text().length && Date.now() <= end;) {
        const files = { ...best.files, [name]: text().slice(0, at) + text().slice(at + size) };
        if (!(await accept({ ...best, files }))) at += size;
      }
    }
  }
  return best;
}

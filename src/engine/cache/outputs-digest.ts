import type { StoredOutput } from "#core/model/cache";
import { digestOf } from "./fingerprints";

/** What can be said of an output, from a stored result or from the disk alike. */
interface OutputFact {
  readonly name: string;
  readonly digest: string;
}

/** One digest for what a task has made. Folders and modes other than "executable" decide nothing. */
export function outputsDigest(outputs: readonly OutputFact[]): string {
  const lines = outputs.map(({ name, digest }) => `${name}\0${digest}`).toSorted();
  return digestOf(lines.join("\0\n"), "sha256");
}

/** The outputs of a stored result as they would be found on the disk. */
export const storedFacts = (outputs: readonly StoredOutput[]): readonly OutputFact[] =>
  outputs.flatMap(({ path, kind, digest, mode, target }) => {
    if (kind === "folder") return [];
    if (kind === "symlink") return [{ name: path, digest: `link:${digestOf(target ?? "", "sha256")}` }];
    return [{ name: path, digest: (mode & 0o111) === 0 ? digest : `${digest}+x` }];
  });

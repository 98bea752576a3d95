/**
 * The SHA-256 of a file by a publisher's list: the line that names it (`<digest>  name`, `<digest> *name`), or, in a text
 * with one digest only, that one.
 */
export function checksumIn(text: string, fileName: string): string | undefined {
  const digests: string[] = [];
  for (const line of text.split("\n")) {
    const digest = /(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])/.exec(line)?.[0]?.toLowerCase();
    if (digest === undefined) continue;
    const names = line.split(/[\s*]+/).map((word) => word.slice(word.lastIndexOf("/") + 1));
    if (names.includes(fileName)) return digest;
    // A line that names another file says nothing of this one.
    if (!names.some((name) => /\.[A-Za-z][A-Za-z0-9]*$/.test(name))) digests.push(digest);
  }
  const [only] = digests;
  return new Set(digests).size === 1 ? only : undefined;
}

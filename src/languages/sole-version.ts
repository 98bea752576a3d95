/** The version that a file consists of, without a leading `v` or the given word; undefined where it holds anything else. */
export function soleVersion(text: string, word = ""): string | undefined {
  const trimmed = text.trim();
  const bare = word !== "" && trimmed.startsWith(word) ? trimmed.slice(word.length) : trimmed;
  return /^v?(\d[0-9A-Za-z.+-]*)$/.exec(bare)?.[1];
}

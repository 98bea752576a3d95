/** Words of a line that somebody typed: separated by blanks, kept together by quotes, which fall away. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const match of text.matchAll(/(?:[^\s"']|"([^"]*)"|'([^']*)')+/g)) {
    words.push(
      match[0].replaceAll(
        /"([^"]*)"|'([^']*)'/g,
        (_, double: string | undefined, single: string | undefined) => double ?? single ?? "",
      ),
    );
  }
  return words;
}

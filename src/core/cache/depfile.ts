/**
 * Files that a dependency file in the form of make names as prerequisites, in their order, each once. Compilers write
 * `target: a.c b.h \` with blanks in names as `\ ` and a dollar sign as `$$` (GNU make manual, 4.2 and 4.14).
 */
export function depfileInputs(text: string): readonly string[] {
  const found = new Set<string>();
  for (const line of text.replaceAll(/\\\r?\n/g, " ").split(/\r?\n/)) {
    if (line.trimStart().startsWith("#")) continue;
    const words = wordsOf(line);
    const colon = words.findIndex((word) => word.endsWith(":") && !word.endsWith("\\:"));
    if (colon === -1) continue;
    for (const word of words.slice(colon + 1)) {
      const name = word.replaceAll("$$", "$").replaceAll(/\\([ #:\\[\]*?])/g, "$1");
      // What is only ordered, not depended on, stands behind a bar.
      if (name === "|") break;
      if (name !== "") found.add(name);
    }
  }
  return [...found];
}

/** Words between blanks; a blank behind a backslash is part of a word. A colon behind a blank belongs to what is before. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:\\.|[^\s\\])+/g)) {
    const last = words.at(-1);
    if (word === ":" && last !== undefined) words[words.length - 1] = `${last}:`;
    else words.push(word);
  }
  return words;
}

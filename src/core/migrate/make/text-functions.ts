const words = (text: string): readonly string[] =>
  text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");

/** What `%` of a pattern stands for in a word; undefined where the word does not match (GNU make manual, "Pattern Match"). */
export function stemOf(pattern: string, word: string): string | undefined {
  const at = pattern.indexOf("%");
  if (at === -1) return pattern === word ? "" : undefined;
  const start = pattern.slice(0, at);
  const end = pattern.slice(at + 1);
  const fits = word.length >= start.length + end.length && word.startsWith(start) && word.endsWith(end);
  return fits ? word.slice(start.length, word.length - end.length) : undefined;
}

function substitutePattern(pattern: string, replacement: string, text: string): string {
  const replaced = words(text).map((word) => {
    const stem = stemOf(pattern, word);
    if (stem === undefined) return word;
    return pattern.includes("%") ? replacement.replace("%", () => stem) : replacement;
  });
  return replaced.join(" ");
}

const each = (text: string, change: (word: string) => string): string => words(text).map(change).join(" ");

const directoryOf = (word: string): string =>
  word.includes("/") ? word.slice(0, word.lastIndexOf("/") + 1) : "./";
const nameOf = (word: string): string => word.slice(word.lastIndexOf("/") + 1);

const suffixOf = (word: string): string => {
  const name = nameOf(word);
  return name.includes(".") ? name.slice(name.lastIndexOf(".")) : "";
};

const matchesOne = (patterns: string, word: string): boolean =>
  words(patterns).some((pattern) => stemOf(pattern, word) !== undefined);

type TextFunction = (...args: readonly string[]) => string | undefined;

/** The functions of make that only look at text (GNU make manual, "Functions for Transforming Text"), by name. */
export const textFunctions: ReadonlyMap<string, TextFunction> = new Map<string, TextFunction>([
  ["subst", (from = "", to = "", text = "") => (from === "" ? text + to : text.replaceAll(from, () => to))],
  ["patsubst", (pattern = "", to = "", text = "") => substitutePattern(pattern.trim(), to.trim(), text)],
  ["strip", (text = "") => words(text).join(" ")],
  ["findstring", (find = "", text = "") => (text.includes(find) ? find : "")],
  [
    "filter",
    (patterns = "", text = "") =>
      words(text)
        .filter((word) => matchesOne(patterns, word))
        .join(" "),
  ],
  [
    "filter-out",
    (patterns = "", text = "") =>
      words(text)
        .filter((word) => !matchesOne(patterns, word))
        .join(" "),
  ],
  [
    "sort",
    (text = "") => [...new Set(words(text))].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join(" "),
  ],
  ["word", (index = "", text = "") => words(text)[Number(index) - 1] ?? ""],
  [
    "wordlist",
    (from = "", to = "", text = "") =>
      words(text)
        .slice(Number(from) - 1, Number(to))
        .join(" "),
  ],
  ["words", (text = "") => String(words(text).length)],
  ["firstword", (text = "") => words(text)[0] ?? ""],
  ["lastword", (text = "") => words(text).at(-1) ?? ""],
  ["dir", (text = "") => each(text, directoryOf)],
  ["notdir", (text = "") => each(text, nameOf)],
  [
    "suffix",
    (text = "") =>
      words(text)
        .map(suffixOf)
        .filter((suffix) => suffix !== "")
        .join(" "),
  ],
  ["basename", (text = "") => each(text, (word) => word.slice(0, word.length - suffixOf(word).length))],
  ["addsuffix", (suffix = "", text = "") => each(text, (word) => word + suffix)],
  ["addprefix", (prefix = "", text = "") => each(text, (word) => prefix + word)],
  [
    "join",
    (first = "", second = "") => {
      const [left, right] = [words(first), words(second)];
      return Array.from(
        { length: Math.max(left.length, right.length) },
        (_, index) => (left[index] ?? "") + (right[index] ?? ""),
      ).join(" ");
    },
  ],
  ["info", () => ""],
  ["warning", () => ""],
]);

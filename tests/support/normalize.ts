/** What differs from run to run in a project's output. */
export type Vocabulary = {
  /** Absolute paths and the words standing for them, e.g. `["/tmp/zr-x/project", "<root>"]`. */
  readonly paths: readonly (readonly [path: string, word: string])[];
  /** Processes the rig has met. */
  readonly pids: ReadonlySet<number>;
  /** The program's version, e.g. `0.1.0`. */
  readonly version: string;
};

const DURATION = String.raw`(?<![\w.])(?:\d+h \d+m|\d+m \d+s|\d+(?:\.\d+)?(?:ms|s))(?!\w)`;

/**
 * The text with everything of the vocabulary, and each duration standing as a word of its own,
 * replaced: `<root>`, `<home>`, `<time>`, `<pid>` (after the word "pid"), `<version>`.
 */
export function normalize(text: string, vocabulary: Vocabulary): string {
  return replacePaths(text, vocabulary)
    .replace(new RegExp(DURATION, "g"), "<time>")
    .replace(versionPattern(vocabulary, "g"), "<version>")
    .replace(/(?<=\bpid[ =:]+)\d+\b/g, (digits) => (vocabulary.pids.has(Number(digits)) ? "<pid>" : digits));
}

/**
 * Whether output is the expected text. Paths are compared by their words. A `<time>`, `<pid>` or
 * `<version>` in the expected text stands for any one of its kind; a duration, number or version
 * written out must be there literally.
 */
export function matchesExpected(output: string, expected: string, vocabulary: Vocabulary): boolean {
  const kinds: Readonly<Record<string, string>> = {
    "<time>": DURATION,
    "<pid>": String.raw`\b\d+\b`,
    "<version>": versionPattern(vocabulary).source,
  };
  const pattern = expected
    .split(/(<time>|<pid>|<version>)/)
    .map((part) => kinds[part] ?? RegExp.escape(part))
    .join("");
  return new RegExp(`^(?:${pattern})$`).test(replacePaths(output, vocabulary));
}

function replacePaths(text: string, vocabulary: Vocabulary): string {
  const longestFirst = vocabulary.paths.toSorted(([a], [b]) => b.length - a.length);
  return longestFirst.reduce((result, [path, word]) => result.replaceAll(path, word), text);
}

function versionPattern(vocabulary: Vocabulary, flags = ""): RegExp {
  return new RegExp(String.raw`(?<![\w.])${RegExp.escape(vocabulary.version)}(?![\w]|\.\d)`, flags);
}

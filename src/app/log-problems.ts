/** Something that a program complained about, with the place that it named. */
export interface LogProblem {
  /** As printed. */
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  readonly message: string;
}

const MOST_LINE = 2000;
const MOST_MESSAGE = 200;

/** `src/a.ts:3:5: text`, `src/a.c:3: error: text`; also with a Windows drive, and behind `-->` or `at`. */
const COLON_PLACE =
  /(?:^|[\s("'`[])((?:[A-Za-z]:)?[\w@./\\+-][\w@./\\+~-]*\.\w{1,10}):(\d{1,7})(?::(\d{1,6}))?(?=$|[\s:)"'`,\]-])/;
/** `src/a.ts(3,5): error TS1: text`. */
const PAREN_PLACE = /(?:^|\s)((?:[A-Za-z]:)?[\w@./\\+-][\w@./\\+~-]*\.\w{1,10})\((\d{1,7})(?:,(\d{1,6}))?\)/;
/** `File "a.py", line 3`. */
const QUOTED_PLACE = /\bFile "([^"]{1,300})", line (\d{1,7})/;
/** Words that make a line worth telling. */
const COMPLAINT =
  /\b(?:error|errors|err|fail|failed|failure|fatal|panic(?:ked)?|exception|assert\w*|traceback|cannot|undefined|expected|unexpected|not found|denied)\b|\w(?:Error|Exception)\b|✗|✘|×/i;
const WARNING = /\bwarn(?:ing)?s?\b/i;

/** Places that are not of the project. */
const FOREIGN = /(?:^|[/\\])(?:node_modules|site-packages|\.cargo|rustc|internal)[/\\]|^node:|^<|\.min\.js$/;

/**
 * Errors with a place in a text, the first of each place, in order. Understands the forms of compilers, linters and test
 * runners in general, none in particular: a place, and a complaint in the same line, the one before or the one after.
 */
export function logProblems(text: string, limit: number): readonly LogProblem[] {
  const lines = text.split("\n");
  const found = new Map<string, LogProblem>();
  for (const [index, line] of lines.entries()) {
    if (found.size >= limit) break;
    if (line.length > MOST_LINE) continue;
    const place = placeIn(line);
    if (place === undefined || FOREIGN.test(place.file)) continue;
    const message = messageAt(lines, index, place.match);
    const key = `${place.file}:${place.line}:${place.column ?? ""}`;
    if (message === undefined || found.has(key)) continue;
    const { file, line: at, column } = place;
    found.set(key, { file, line: at, ...(column === undefined ? {} : { column }), message });
  }
  return [...found.values()];
}

interface FoundPlace {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  readonly match: string;
}

function placeIn(line: string): FoundPlace | undefined {
  const match = QUOTED_PLACE.exec(line) ?? COLON_PLACE.exec(line) ?? PAREN_PLACE.exec(line);
  if (match === null) return undefined;
  const [whole, file = "", at = "", column] = match;
  // A version or an address looks like a file with a line: 10.0.0.1:8080.
  if (/^[\d.]+$/.test(file) || line.includes(`://${file}`)) return undefined;
  return {
    file: file.replaceAll("\\", "/").replace(/^\.\//, ""),
    line: Number(at),
    ...(column === undefined ? {} : { column: Number(column) }),
    match: whole,
  };
}

/** What is wrong at a place; undefined where nothing says that anything is. */
function messageAt(lines: readonly string[], index: number, match: string): string | undefined {
  const own = clean((lines[index] ?? "").replace(match, " "));
  if (WARNING.test(own) && !/\berror\b/i.test(own)) return undefined;
  if (COMPLAINT.test(own)) return own;
  const around = [lines[index - 1], lines[index - 2], lines[index + 1], lines[index + 2]];
  // A line with a place of its own speaks of that.
  const near = around.find(
    (line) => line !== undefined && COMPLAINT.test(line) && placeIn(line) === undefined,
  );
  return near === undefined ? undefined : clean(near);
}

const clean = (line: string): string =>
  line
    .replaceAll(/\s+/g, " ")
    .replace(/^[\s:,()|>-]+/, "")
    .replace(/\s+:?$/, "")
    .slice(0, MOST_MESSAGE);

/** What a log holds, line by line. */
export class LogTally {
  lines = 0;
  errors = 0;
  warnings = 0;
  readonly #repeated = new Map<string, { count: number; readonly text: string }>();

  add(line: string): void {
    this.lines += 1;
    const text = line.slice(0, MOST_LINE);
    if (COMPLAINT.test(text)) this.errors += 1;
    else if (WARNING.test(text)) this.warnings += 1;
    if (text.trim() === "") return;
    // Lines that differ by numbers only say the same.
    const key = text.replaceAll(/\d+/g, "0").slice(0, MOST_MESSAGE);
    const seen = this.#repeated.get(key);
    if (seen !== undefined) seen.count += 1;
    else if (this.#repeated.size < MOST_KINDS)
      this.#repeated.set(key, { count: 1, text: text.slice(0, MOST_MESSAGE) });
  }

  /** The kinds of lines that came again most often, with one line as an example. */
  repeated(limit: number): readonly { readonly count: number; readonly line: string }[] {
    return [...this.#repeated.values()]
      .filter(({ count }) => count > 2)
      .sort((a, b) => b.count - a.count)
      .slice(0, limit)
      .map(({ count, text }) => ({ count, line: text }));
  }
}

/** Kinds of lines that are counted; what comes later is not. */
const MOST_KINDS = 2000;

import { CODE_MENDS } from "#app/code-mends";
import { exampleCase } from "#app/example-case";
import type { CodeEntry } from "#core/model/diagnostic-codes";
import type { Theme } from "#frontends/output/theme";
import messages from "./example-messages.json";
import { PAGE_WIDTH, wrap } from "./wrap";

/** Longer examples are made to be too long, and show nothing. */
const MAX_EXAMPLE = 500;

const MESSAGES: Readonly<Record<string, string>> = messages;

/** The page of a code: its message, what it means, what yields it, how that looks, and how it is mended. */
export function codePage(code: string, entry: CodeEntry, theme: Theme): string {
  const lines = [
    ...wrap(`${code}: ${entry.message}`, PAGE_WIDTH).map(theme.strong),
    "",
    ...wrap(entry.doc, PAGE_WIDTH),
  ];
  if (entry.example.length <= MAX_EXAMPLE)
    for (const [title, text] of parts(code, entry)) lines.push("", theme.strong(title), ...indented(text));
  lines.push("", `Exit code: ${entry.exit ?? 3}`);
  return `${lines.join("\n")}\n`;
}

/** Titled texts: the files of the example, what zr says about it, the same without the mistake. */
function parts(code: string, entry: CodeEntry): readonly (readonly [string, string])[] {
  const mend = Object.hasOwn(CODE_MENDS, code) ? CODE_MENDS[code] : undefined;
  const mended: readonly (readonly [string, string])[] = mend === undefined ? [] : [["Mended:", mend]];
  const message = Object.hasOwn(MESSAGES, code) ? MESSAGES[code] : undefined;
  const tried = message === undefined ? undefined : exampleCase(code, entry);
  if (tried === undefined || message === undefined)
    return entry.example === "" ? mended : [["Example:", entry.example], ...mended];
  const files = Object.entries(tried.files).map(([path, text]) => [`${path}:`, text] as const);
  return [...files, ["What zr says:", `$ zr ${tried.command}\n${message}`], ...mended];
}

const indented = (text: string): string[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => `  ${line}`.trimEnd());

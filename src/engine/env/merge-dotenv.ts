import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { OnConflict } from "#core/scaffold/on-conflict";
import { parseDotenv } from "./dotenv";
import type { DotenvEntry } from "./dotenv";

/** The entries of a `.env` text that another one has no name of. */
export function lackingEntries(own: string, more: string): readonly DotenvEntry[] {
  const present = new Set(parseDotenv(own).entries.map(({ name }) => name));
  return parseDotenv(more).entries.filter(({ name }) => !present.has(name));
}

/**
 * What goes behind a `.env` text for it to have entries of another one: each with the comment above and behind it, in
 * the line ends of the text.
 */
export function entriesBehind(own: string, more: string, entries: readonly DotenvEntry[]): string {
  if (entries.length === 0) return "";
  const eol = own.includes("\r\n") ? "\r\n" : "\n";
  const gap = own === "" || own.endsWith("\n") ? "" : eol;
  const texts = entries.map(({ span: { start, end } }) => {
    const behind = /^[^\r\n]*/.exec(more.slice(end))?.[0] ?? "";
    return `${commentAbove(more, start)}${more.slice(start, end)}${behind}\n`;
  });
  return gap + texts.join("").replaceAll(/\r\n?|\n/g, eol);
}

/** The lines of comment right above an offset, with their ends. */
function commentAbove(text: string, start: number): string {
  const before = text.slice(0, start).replace(/^\ufeff/, "");
  return /(?:^|(?<=\n))(?:[ \t]*#[^\n]*\n)+[ \t]*$/.exec(before)?.[0] ?? "";
}

/**
 * Puts the entries that a `.env` text lacks of another one behind it. Where both say something else of a name, that is
 * the error, unless what is there is to be kept, or the other to be taken.
 */
export function mergeDotenv({
  present,
  added,
  onConflict,
}: {
  readonly present: string;
  readonly added: string;
  readonly onConflict: OnConflict;
}): Result<string, string> {
  const wanted = new Map(parseDotenv(added).entries.map((entry) => [entry.name, entry]));
  // Of a name that stands there twice, the last one counts.
  const old = new Map(parseDotenv(present).entries.map((entry) => [entry.name, entry]));
  let text = present;
  for (const entry of [...old.values()].toSorted((a, b) => b.span.start - a.span.start)) {
    const other = wanted.get(entry.name);
    if (other === undefined || (other.value === entry.value && other.expand === entry.expand)) continue;
    if (onConflict === "refuse") return err(`it says another ${entry.name}`);
    if (onConflict === "take")
      text =
        text.slice(0, entry.span.start) +
        added.slice(other.span.start, other.span.end) +
        text.slice(entry.span.end);
  }
  const lacking = lackingEntries(present, added).filter(
    (entry) => wanted.get(entry.name)?.line === entry.line,
  );
  return ok(text + entriesBehind(present, added, lacking));
}

import type { Span } from "#base/span";

/** The place in a template that stands for what is looked for. */
const PLACE = "{}";
const SPECIAL = /[.*+?^${}()|[\]\\/-]/g;

/**
 * A pattern for lines such as `import {}` or `version = "{}"`: blanks of the template stand for any number of blanks and
 * tabs, `{}` for a word, or for all up to the sign behind it where that is a quote or a bracket. It has the flags `d`, `g`
 * and `m`, and one group. Undefined where the template has not exactly one `{}`, or begins with it.
 *
 * @param isMasked whether it is for code whose texts are blank: there, what is in quotes is all blanks.
 */
export function lineTemplate(template: string, isMasked = false): RegExp | undefined {
  const trimmed = template.trim();
  const [before = "", after, more] = trimmed.split(PLACE);
  if (after === undefined || more !== undefined || before.trim() === "" || trimmed.includes("\n"))
    return undefined;
  const isQuoted = /["'`]$/.test(before);
  const [stop = ""] = after;
  const found =
    isMasked && isQuoted
      ? "[ ]+"
      : /["'`)\]}>]/.test(stop)
        ? `[^${stop === "]" ? "\\]" : stop}\\n]+`
        : "[\\w.:/@+\\\\-]+";
  return new RegExp(`^[ \\t]*${words(before)}(${found})${words(after)}`, "dgm");
}

const words = (text: string): string =>
  (text.match(/[ \t]+|\w+|[^\w \t]/g) ?? [])
    .map((part, index, parts) => {
      if (part.trim() !== "") return part.replaceAll(SPECIAL, "\\$&");
      // A blank between two words has to be there.
      const isBetween =
        /\w$/.test(parts[index - 1] ?? "") &&
        (parts[index + 1] === undefined || /^\w/.test(parts[index + 1] ?? ""));
      return isBetween ? "[ \\t]+" : "[ \\t]*";
    })
    .join("");

/** Where what a template looks for stands first in a text. */
export function firstSpan(text: string, template: string): Span | undefined {
  const place = lineTemplate(template)?.exec(text)?.indices?.[1];
  return place === undefined ? undefined : { start: place[0], end: place[1] };
}

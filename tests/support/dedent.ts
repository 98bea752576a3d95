/**
 * Takes the common indentation off a block that starts on the line after its opening quote.
 *
 * In: `"\n    a\n      b\n  "`; out: `"a\n  b\n"`. The first line break and the blanks before the
 * closing quote go, so the result ends with one line break. Blank lines don't count for the
 * indentation. Text whose first character isn't a line break is returned as it is.
 */
export function dedent(text: string): string {
  if (!text.startsWith("\n")) return text;
  const lines = text.slice(1).split("\n");
  const last = lines.at(-1) ?? "";
  if (last.trim() === "") lines[lines.length - 1] = "";
  const indentation = Math.min(
    ...lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length),
  );
  return lines.map((line) => (line.trim() === "" ? "" : line.slice(indentation))).join("\n");
}

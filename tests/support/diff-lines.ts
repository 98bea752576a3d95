const CONTEXT_LINES = 3;

/**
 * What to show for two texts that differ: their lines from the first to the last difference, the
 * expected ones with `-`, the others with `+`, and a few equal lines around. A line break missing
 * at the end is shown as `⏎ missing`.
 */
export function diffLines(expected: string, actual: string): string {
  const before = toLines(expected);
  const after = toLines(actual);
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const from = Math.max(0, head - CONTEXT_LINES);
  return [
    ...before.slice(from, head).map((line) => `  ${line}`),
    ...before.slice(head, before.length - tail).map((line) => `- ${line}`),
    ...after.slice(head, after.length - tail).map((line) => `+ ${line}`),
    ...after
      .slice(after.length - tail)
      .slice(0, CONTEXT_LINES)
      .map((line) => `  ${line}`),
  ].join("\n");
}

function toLines(text: string): string[] {
  if (text === "") return [];
  if (text.endsWith("\n")) return text.slice(0, -1).split("\n");
  return `${text} ⏎ missing`.split("\n");
}

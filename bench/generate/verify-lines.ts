const NEWLINE = 10;
const AT = 64;
const ZERO = 48;
/** How far into a line a prefix such as `task │ ` may reach. */
const PREFIX_LIMIT = 64;

/**
 * Checks that an output holds every line of the sources (see `numberedText`) whole and in its order, with at most a
 * prefix before it; lines that are nobody's, such as headings, are passed over. With `isGrouped` all lines of a source
 * have to stand together. Gives the first thing that is wrong, or undefined.
 */
export function findLostLine(
  output: Uint8Array,
  sources: readonly Uint8Array[],
  isGrouped: boolean,
): string | undefined {
  const cursors = sources.map(() => 0);
  let current = -1;
  for (let start = 0; start < output.length;) {
    const end = lineEnd(output, start);
    const at = output.subarray(start, Math.min(end, start + PREFIX_LIMIT)).indexOf(AT);
    if (at >= 0) {
      const number = (output[start + at + 1] ?? 0) - ZERO;
      const source = sources[number];
      const cursor = cursors[number];
      if (source === undefined || cursor === undefined) return `a line of nobody at byte ${start}`;
      if (isGrouped && number !== current && cursor > 0)
        return `lines of ${number} in two places, byte ${start}`;
      current = number;
      const expectedEnd = lineEnd(source, cursor);
      if (Buffer.compare(output.subarray(start + at, end), source.subarray(cursor, expectedEnd)) !== 0) {
        return `byte ${start}: expected "${show(source, cursor)}", found "${show(output, start)}"`;
      }
      cursors[number] = expectedEnd + 1;
    }
    start = end + 1;
  }
  const lost = sources.findIndex((source, number) => cursors[number] !== source.length);
  return lost < 0
    ? undefined
    : `source ${lost} breaks off after ${cursors[lost]} of ${sources[lost]?.length} bytes`;
}

function lineEnd(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(NEWLINE, from);
  return end < 0 ? bytes.length : end;
}

function show(bytes: Uint8Array, from: number): string {
  return new TextDecoder().decode(bytes.subarray(from, Math.min(lineEnd(bytes, from), from + 60)));
}

const escapeLength = new Map([
  ["x", 4],
  ["u", 6],
  ["U", 10],
]);
const lineContinuation = /\\[ \t]*\r?\n[ \t\r\n]*/y;

/**
 * Where each UTF-16 code unit of a string's value stands in its source, relative to the source's start. One more
 * entry at the end is where the value ends.
 *
 * A CRLF in a multi-line string is one line feed in its value.
 *
 * @param source a TOML string with its quotes, of any of the four kinds.
 */
export function decodedOffsets(source: string): readonly number[] {
  const quote = source.charAt(0);
  const isMultiLine = source.length >= 6 && source.startsWith(quote.repeat(3));
  let at = isMultiLine ? 3 : 1;
  const end = source.length - at;
  if (isMultiLine) at += /^\r?\n/.exec(source.slice(at))?.[0].length ?? 0;
  const offsets: number[] = [];
  while (at < end) {
    if (quote === '"' && source.charAt(at) === "\\") {
      lineContinuation.lastIndex = at;
      const skipped = isMultiLine ? lineContinuation.exec(source) : null;
      const length = skipped?.[0].length ?? escapeLength.get(source.charAt(at + 1)) ?? 2;
      if (skipped === null) {
        offsets.push(at);
        if (length === 10 && Number.parseInt(source.slice(at + 2, at + 10), 16) > 0xffff) offsets.push(at);
      }
      at += length;
    } else {
      offsets.push(at);
      at += source.startsWith("\r\n", at) ? 2 : 1;
    }
  }
  offsets.push(end);
  return offsets;
}

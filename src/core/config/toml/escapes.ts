/** An escape of a basic string (toml.io/en/v1.1.0#string), or a backslash that begins none. */
export const ESCAPE =
  /\\(?:[btnfre"\\]|x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8}|[ \t]*\r?\n[ \t\r\n]*|)/g;

/** What an escape of one letter stands for. */
export const PLAIN_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["t", "\t"],
  ["n", "\n"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\u001b"],
  ['"', '"'],
  ["\\", "\\"],
]);

/** The character of the digits of `\x`, `\u` or `\U`; undefined where they name no Unicode scalar value. */
export function scalarOf(digits: string): string | undefined {
  const code = Number.parseInt(digits, 16);
  return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : undefined;
}

/** A finished system call as `strace -y` writes it. */
export interface TracedCall {
  readonly name: string;
  /** Arguments as written. */
  readonly args: readonly string[];
  /** Negative where it has failed. */
  readonly result: number;
  /** Path of the file descriptor that it gave. */
  readonly opened?: string;
}

const NAME = /^([a-z_0-9]+)\(/;
const RESULT = /^\s*= (-?\d+)(?:<((?:[^<>\\]|\\.)*)>)?/;
const CLOSERS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/**
 * Reads `name(args) = result`, without the number of the process in front. What paths hold is up to the watched program:
 * quotes and brackets are followed, nothing is searched for. Undefined for anything else.
 */
export function parseCall(text: string): TracedCall | undefined {
  const name = NAME.exec(text)?.[1];
  if (name === undefined) return undefined;
  const split = splitArguments(text, name.length + 1);
  if (split === undefined) return undefined;
  const result = RESULT.exec(text.slice(split.end));
  if (result?.[1] === undefined) return undefined;
  const opened = result[2] === undefined ? undefined : unescapeText(result[2]);
  return {
    name,
    args: split.args,
    result: Number(result[1]),
    ...(opened === undefined ? {} : { opened }),
  };
}

/** The arguments from `start` to the bracket that closes the call, and the place behind that. */
function splitArguments(
  text: string,
  start: number,
): { readonly args: readonly string[]; readonly end: number } | undefined {
  const args: string[] = [];
  const open: string[] = [];
  let from = start;
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    const closer = CLOSERS[char];
    if (char === '"') at = endOf(text, at + 1, '"');
    else if (char === "<" && /[0-9A-Z]/.test(text.charAt(at - 1))) at = endOf(text, at + 1, ">");
    else if (closer !== undefined) open.push(closer);
    else if (char === open.at(-1)) open.pop();
    else if (open.length === 0 && (char === "," || char === ")")) {
      args.push(text.slice(from, at).trim());
      if (char === ")") return { args, end: at + 1 };
      from = at + 1;
    }
  }
  return undefined;
}

/** Where a quoted part ends that has begun before `start`. */
function endOf(text: string, start: number, closer: string): number {
  let at = start;
  while (at < text.length && text.charAt(at) !== closer) at += text.charAt(at) === "\\" ? 2 : 1;
  return at;
}

/** The text of a quoted argument; undefined where it is none, or was too long to be written out. */
export const quotedText = (arg: string | undefined): string | undefined =>
  arg !== undefined && arg.length >= 2 && arg.startsWith('"') && arg.endsWith('"')
    ? unescapeText(arg.slice(1, -1))
    : undefined;

/** The path that stands behind a file descriptor. */
export function descriptorPath(arg: string | undefined): string | undefined {
  const path = /^(?:AT_FDCWD|\d+)<((?:[^<>\\]|\\.)*)>/.exec(arg ?? "")?.[1];
  return path === undefined ? undefined : unescapeText(path);
}

const SIGNS: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12 };

/** The escapes of C; what they give is UTF-8. */
function unescapeText(text: string): string {
  if (!text.includes("\\")) return text;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const [piece, octal, hex, sign] of text.matchAll(/\\(?:([0-7]{1,3})|x([0-9a-f]{2})|(.))|[^\\]+/gs)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (sign !== undefined)
      bytes.push(...(SIGNS[sign] === undefined ? encoder.encode(sign) : [SIGNS[sign]]));
    else bytes.push(...encoder.encode(piece));
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

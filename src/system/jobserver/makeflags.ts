/**
 * How a jobserver is named in MAKEFLAGS. `fifo` names a file (GNU make from 4.4, ninja from 1.13, cargo), `pipe` two
 * inherited descriptors (GNU make from 4.2, cargo), `fds` the same under the name of GNU make before 4.2.
 * https://www.gnu.org/software/make/manual/html_node/POSIX-Jobserver.html
 */
export type JobserverStyle = "fifo" | "pipe" | "fds";

export type JobserverAddress =
  | { readonly kind: "fifo"; readonly path: string }
  | { readonly kind: "pipe"; readonly read: number; readonly write: number };

export interface ParsedMakeflags {
  readonly address: JobserverAddress | undefined;
  /** The form that the address is given in, to be kept for children. */
  readonly style: JobserverStyle;
  /** The N of `-jN`. */
  readonly slots: number | undefined;
}

const AUTH = /^--jobserver-(auth|fds)=(.*)$/;
const JOBS = /^(?:-j|--jobs=)(\d+)$/;
const OURS = /^(?:-j\d*|--jobs(?:=\d*)?|--jobserver-(?:auth|fds)=.*)$/;

/** What a value of MAKEFLAGS says about the jobserver above us. Of several addresses the last counts. */
export function parseMakeflags(value: string): ParsedMakeflags {
  let address: JobserverAddress | undefined;
  let style: JobserverStyle = "fifo";
  let slots: number | undefined;
  for (const word of splitFlags(value).flags) {
    const [, name, auth] = AUTH.exec(word) ?? [];
    if (auth !== undefined) {
      address = parseAddress(auth);
      style = name === "fds" ? "fds" : (address?.kind ?? "fifo");
    }
    const jobs = JOBS.exec(word)?.[1];
    if (jobs !== undefined) slots = Number(jobs);
  }
  return { address, style, slots };
}

/** The flags that announce a jobserver, as GNU make itself writes them. */
export function jobserverFlags(slots: number | undefined, style: JobserverStyle, place: string): string {
  // Before 4.2 a number behind -j in MAKEFLAGS turned the jobserver off.
  if (style === "fds") return `--jobserver-fds=${place} -j`;
  return `-j${slots ?? ""} --jobserver-auth=${style === "fifo" ? "fifo:" : ""}${place}`;
}

/**
 * A value for MAKEFLAGS: the user's flags, with `flags` in place of any jobserver and job count in them.
 * Empty `flags` take those out.
 */
export function withJobserver(existing: string | undefined, flags: string): string {
  const { flags: words, definitions } = splitFlags(existing ?? "");
  const kept = words.filter((word) => !OURS.test(word));
  const added = flags === "" ? [] : [flags];
  // What make took from its command line as `NAME=value` comes last, behind two dashes.
  return [...kept, ...added, ...definitions].join(" ");
}

function splitFlags(value: string): { readonly flags: string[]; readonly definitions: string[] } {
  const words = value.split(" ").filter((word) => word !== "");
  const end = words.indexOf("--");
  return end < 0
    ? { flags: words, definitions: [] }
    : { flags: words.slice(0, end), definitions: words.slice(end) };
}

function parseAddress(auth: string): JobserverAddress | undefined {
  if (auth.startsWith("fifo:")) return { kind: "fifo", path: auth.slice("fifo:".length) };
  // Negative numbers say that this child was not given the jobserver.
  const pair = /^(\d+),(\d+)$/.exec(auth);
  return pair === null ? undefined : { kind: "pipe", read: Number(pair[1]), write: Number(pair[2]) };
}

import { parseDuration } from "#base/duration";
import { parsePercent, parseSize } from "#base/size";
import { isRegex } from "#base/is-regex";
import { alternativesOf } from "./glob-alternatives";
import { PLATFORM_ALIASES } from "./platform-aliases";
import type { StringFormat } from "./schema/kinds";

/** Signals that can be sent on every POSIX system; elsewhere they end the process. */
export const SIGNALS = [
  "TERM",
  "INT",
  "HUP",
  "QUIT",
  "KILL",
  "USR1",
  "USR2",
  "ALRM",
  "PIPE",
  "CONT",
  "STOP",
  "WINCH",
] as const;

/** What a text of this format looks like, where the given one does not; undefined where it does. */
export function formatProblem(format: StringFormat, text: string): string | undefined {
  const rule = RULES[format];
  return rule === undefined || rule.accepts(text) ? undefined : rule.expected;
}

/** Nothing that ssh would take for an option, or that could mean something to a shell which a `ProxyCommand` starts. */
const SSH_HOST =
  /^(?:ssh:\/\/)?(?:[\p{L}\p{N}_][\p{L}\p{N}_.+-]*@)?(?:[\p{L}\p{N}_][\p{L}\p{N}_.:-]*|\[[0-9A-Fa-f:.]+\](?::\d+)?)$/u;

interface Rule {
  readonly accepts: (text: string) => boolean;
  readonly expected: string;
}

const without =
  (pattern: RegExp): ((text: string) => boolean) =>
  (text) =>
    !pattern.test(text);
const noNul = without(/\0/);
/** By far the most names; telling so much is ten times as fast as asking for classes of Unicode. */
const PLAIN_REF = /^[\w./:-]+$/;

/** Each becomes a pattern of its own: `{1..9}{1..9}{1..9}{1..9}` would fill the memory. */
const MOST_ALTERNATIVES = 256;
/** No path is longer. */
const LONGEST_GLOB = 4096;

/** Formats without a rule here (expressions, templates, references) are checked where they are parsed. */
const RULES: Partial<Readonly<Record<StringFormat, Rule>>> = {
  duration: {
    accepts: (text) => parseDuration(text) !== undefined,
    expected: 'a duration such as "500ms", "30s" or "1h30m"',
  },
  size: { accepts: (text) => parseSize(text) !== undefined, expected: 'a size such as "512KB" or "2GB"' },
  "size-or-percent": {
    accepts: (text) => parseSize(text) !== undefined || parsePercent(text) !== undefined,
    expected: 'a size such as "2GB" or a share such as "50%"',
  },
  percent: { accepts: (text) => parsePercent(text) !== undefined, expected: 'a share such as "50%"' },
  glob: {
    accepts: isGlob,
    expected: `a glob with closed brackets and braces, and at most ${MOST_ALTERNATIVES} texts that its braces give`,
  },
  regex: { accepts: isRegex, expected: "a regular expression" },
  command: { accepts: (text) => !text.includes("\0") && /\S/.test(text), expected: "a command" },
  path: { accepts: (text) => noNul(text) && text !== "", expected: "a path" },
  "task-name": {
    accepts: (text) => /^[\p{L}\p{N}_][\p{L}\p{N}_\-./:]*$/u.test(text),
    expected: "a task name",
  },
  "package-name": {
    accepts: (text) => /^[^\p{Cc}\s\u202a-\u202e\u2066-\u2069]+$/u.test(text),
    expected: "a name without blanks",
  },
  "task-ref": { accepts: isTaskRef, expected: "the name of a task" },
  "stage-name": {
    accepts: (text) => /^[\p{L}\p{N}_](?:[\p{L}\p{N}_ \-./:]*[\p{L}\p{N}_])?$/u.test(text),
    expected: "a name of letters, digits, _ - . / : and single blanks",
  },
  "matrix-axis": {
    accepts: (text) => /^matrix\.[\w-]+$/.test(text),
    expected: 'an axis such as "matrix.target", or a list of values',
  },
  signal: {
    accepts: (text) => SIGNALS.some((signal) => signal === text.replace(/^SIG/, "")),
    expected: `a signal (${SIGNALS.join(", ")})`,
  },
  "env-name": {
    accepts: (text) => /^[A-Za-z_][A-Za-z0-9_-]*$/.test(text),
    expected: "a name of letters, digits and _",
  },
  platform: { accepts: isPlatform, expected: 'a platform such as "linux" or "darwin/arm64"' },
  version: {
    accepts: (text) => /^v?\d+(\.\d+){0,2}(-[\w.]+)?$/.test(text),
    expected: 'a version such as "1.2.0"',
  },
  redirect: {
    accepts: (text) => /^(null|inherit|file\+?:.+)$/s.test(text) && noNul(text),
    expected: '"file:PATH", "file+:PATH", "null" or "inherit"',
  },
  "ssh-host": {
    // A reference to a value is looked at again when the value is known.
    accepts: (text) => SSH_HOST.test(text.replaceAll(/\$\{[^{}]*\}/g, "x")),
    expected: 'a host for ssh such as "user@host" or "ssh://user@host:2222"',
  },
  "run-on": {
    accepts: (text) => /^(?:host|remote|(?:service|container):.+)$/s.test(text) && noNul(text),
    expected: '"host", "remote", "service:NAME" or "container:IMAGE"',
  },
};

function isTaskRef(text: string): boolean {
  return PLAIN_REF.test(text) || (text !== "" && !/[\p{Cc}\s]/u.test(text));
}

function isPlatform(text: string): boolean {
  const [system = "", processor] = text.split("/");
  return (
    ["linux", "darwin", "macos", "windows"].includes(system) &&
    (processor === undefined ||
      (Object.hasOwn(PLATFORM_ALIASES, processor) &&
        !["linux", "darwin", "macos", "windows"].includes(processor)))
  );
}

function isGlob(text: string): boolean {
  if (text === "" || text.length > LONGEST_GLOB || !noNul(text)) return false;
  let braces = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === "\\") at += 1;
    else if (char === "{") braces += 1;
    else if (char === "}") braces -= 1;
    else if (char === "[") {
      const close = text.indexOf("]", at + 2);
      // None reaches over a `/`.
      if (close === -1 || text.slice(at, close).includes("/")) return false;
      at = close;
    }
    if (braces < 0) return false;
  }
  return braces === 0 && (!text.includes("{") || alternativesOf(text) <= MOST_ALTERNATIVES);
}

import { quotedWord } from "#base/shell-word";
import type { ExpansionPart } from "#engine/env/expand";
import { folderWord } from "./folder-word";

/** A word of a command: as it is, with variables to be filled in there, or the path of the program's script there. */
export type RemoteWord =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expanded"; readonly parts: readonly ExpansionPart[] }
  | { readonly kind: "script" };

export interface RemoteCommand {
  readonly words: readonly RemoteWord[];
  /** Text of a file that exists there while the command runs. */
  readonly script?: string;
}

export interface RemoteProgramOptions {
  /** Hexadecimal, unlike any other: tells the signs of this program from other output, and its processes from others. */
  readonly key: string;
  /** Folder there; where it is not set, the one that a login starts in. */
  readonly cwd: string | undefined;
  /** Names that a shell can export. */
  readonly env: Readonly<Record<string, string>>;
  /** How long what the command leaves in its process group may take to end. */
  readonly graceMs: number;
  /** The command reads what follows the program, up to the end of the input; signals can't be sent then. */
  readonly takesInput?: boolean;
}

/** What the program says on its error output besides what the command says: a line of this, a word, and a line end. */
export const signPrefix = (key: string): string => `\u001ezr:${key}:`;

/** Every process of a program carries it. */
const MARK = "ZR_REMOTE_KEY";

/**
 * A POSIX shell program that runs one command in a folder, with variables, and sees to it that nothing of it is left:
 * - Its input is the line to whoever started it: a line `TERM` sends that signal to the process group, `KILL` or the
 *   end of the input kill it, and, where there is /proc, all that carries the mark and has left the group.
 * - When the command has ended, what is left of its group gets SIGTERM and, after the grace period, SIGKILL.
 *
 * The process group is that of the login: a server starts every session in a new one. The command runs in the
 * foreground, since a shell lets what it runs in the background ignore SIGINT and SIGQUIT; the watcher ignores what is
 * meant for the command, and the shell between only notes it. Both keep away from the command's error output, where
 * some shells would print the text of a job that a signal has ended.
 */
export function remoteProgram(command: RemoteCommand, options: RemoteProgramOptions): string {
  const { key, cwd, graceMs, takesInput = false } = options;
  const sign = quotedWord(signPrefix(key));
  const rounds = Math.ceil(graceMs / 100);
  return `zr_main() {
unset CDPATH
${cwd === undefined ? "" : `cd ${folderWord(cwd)} 2>/dev/null || { printf '%s\\n' ${sign}folder >&2; exit 1; }\n`}${scriptFile(command, key)}exec 3<&0 4>&2 2>/dev/null
${takesInput ? "" : `${watcher(key)}\nzr_watcher=$!\n`}trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE
printf '%s\\n' ${sign}started >&4
${foreground(command, options)}
zr_code=$?
zr_n=0
while [ $zr_n -lt ${rounds} ] && zr_left; do
[ $zr_n -gt 0 ] || kill -TERM "-$$"
zr_n=$((zr_n + 1))
sleep 0.1 || sleep 1
done
if zr_left; then kill -KILL $zr_pids; fi
${command.script === undefined ? "" : 'rm -f -- "$zr_file"\n'}[ $zr_code -ne 255 ] || printf '%s\\n' ${sign}ended >&4
${takesInput ? "" : "kill -KILL $zr_watcher\n"}exit $zr_code
}
zr_left() {
zr_pids=
set -- $(exec ps -A -o pgid= -o ppid= -o pid= -o stat=)
while [ $# -ge 4 ]; do
case $1:$2:$3:$4 in
($$:$$:*|$$:*:$$:*|*:Z*) ;;
($$:*) zr_pids="$zr_pids $3" ;;
esac
shift 4
done
[ -n "$zr_pids" ]
}
zr_main
`;
}

function scriptFile({ script }: RemoteCommand, key: string): string {
  if (script === undefined) return "";
  const end = `zr_${key}`;
  return `zr_file=$(umask 077; mktemp "\${TMPDIR:-/tmp}/zr-XXXXXXXX") || exit 1
cat >"$zr_file" <<'${end}'
${script.endsWith("\n") ? script : `${script}\n`}${end}
`;
}

/** The shell between is stopped first, so that it can't end the watcher before that has done its work. */
const watcher = (key: string): string => `(
trap '' HUP INT QUIT TERM USR1 USR2 ALRM PIPE
while IFS= read -r zr_line; do
case $zr_line in
(KILL) break ;;
(STOP) ;;
(*) kill "-$zr_line" "-$$" ;;
esac
done
kill -STOP $$
zr_n=0
while [ -r /proc/self/environ ] && [ $zr_n -lt 20 ]; do
zr_n=$((zr_n + 1))
zr_found=$(grep -lzxF -e ${MARK}=${key} /proc/[0-9]*/environ)
[ -n "$zr_found" ] || break
for zr_path in $zr_found; do zr_pid=\${zr_path#/proc/}; kill -KILL "\${zr_pid%/environ}"; done
done
[ -z "$zr_file" ] || rm -f -- "$zr_file"
kill -KILL "-$$"
kill -KILL $$
) <&3 >/dev/null 3<&- 4>&- &`;

/**
 * A program for a terminal there. It comes as a file, which it removes, since the input is the terminal; there is no
 * watcher, for the terminal itself sends signals, and hangs up when the connection ends.
 */
export function terminalProgram(
  command: RemoteCommand,
  { key, cwd, env }: Omit<RemoteProgramOptions, "graceMs">,
): string {
  const folder = cwd === undefined ? "" : folderWord(cwd);
  const missing = `{ printf '%s\\n' ${quotedWord(`working folder ${cwd ?? ""} does not exist there`)} >&2; exit 1; }`;
  return `rm -f -- "$0"
unset CDPATH
${folder === "" ? "" : `cd ${folder} 2>/dev/null || ${missing}\n`}${scriptFile(command, key)}trap : HUP INT QUIT TERM
(
${statements(command, { key, env })})
zr_code=$?
${command.script === undefined ? "" : 'rm -f -- "$zr_file"\n'}exit $zr_code
`;
}

function foreground(command: RemoteCommand, { key, env, takesInput = false }: RemoteProgramOptions): string {
  return `(
exec ${takesInput ? "<&3" : "</dev/null"} 2>&4 3<&- 4>&-
${statements(command, { key, env })})`;
}

/** Sets the variables and becomes the command. */
function statements(
  { words }: RemoteCommand,
  { key, env }: Pick<RemoteProgramOptions, "key" | "env">,
): string {
  const variables = Object.entries({ ...env, [MARK]: key }).map(
    ([name, value]) => `export ${name}=${quotedWord(value)}\n`,
  );
  return `${variables.join("")}set --
${words.map(wordStatement).join("")}exec "$@"
`;
}

function wordStatement(word: RemoteWord): string {
  switch (word.kind) {
    case "text":
      return `set -- "$@" ${quotedWord(word.text)}\n`;
    case "script":
      return 'set -- "$@" "$zr_file"\n';
    case "expanded":
      return `zr_word=\n${word.parts.map(partStatement).join("")}set -- "$@" "$zr_word"\n`;
  }
}

/** Adds to the word. Assignments split and expand nothing beyond the variable that they name. */
function partStatement(part: ExpansionPart): string {
  switch (part.kind) {
    case "text":
      return `zr_word=$zr_word${quotedWord(part.text)}\n`;
    case "command":
      return `zr_word=$zr_word${quotedWord(`$(${part.command})`)}\n`;
    case "variable": {
      const { name, fallback, emptyIsUnset } = part;
      if (fallback === undefined) return `zr_word=$zr_word$${name}\n`;
      const isThere = emptyIsUnset ? `[ -n "$${name}" ]` : `[ -n "\${${name}+x}" ]`;
      return `if ${isThere}; then zr_word=$zr_word$${name}\nelse :\n${fallback.map(partStatement).join("")}fi\n`;
    }
  }
}

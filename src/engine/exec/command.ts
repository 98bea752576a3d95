import { ok } from "#base/result";
import type { Result } from "#base/result";
import type { Failure } from "#core/model/outcome";
import type { Instance, Shell, Step } from "#core/model/plan";
import { simpleCommand } from "#core/plan/shell-text";
import { pathExists } from "#system/fs/path-exists";
import { parseExpansion, renderExpansion } from "#engine/env/expand";
import { selfPath } from "#system/process/self";
import type { RemoteRun } from "#engine/remote/remote-run";
import type { RunFolder } from "./run-folder";

/** A program to start, worked out from a step. */
export interface Command {
  readonly argv: readonly string[];
  /** Variables that this command needs beside the instance's. */
  readonly env?: Readonly<Record<string, string>>;
  /** The whole environment, in place of the instance's. */
  readonly replaceEnv?: Readonly<Record<string, string>>;
  /** Set where the program is an `ssh` that runs the command proper. */
  readonly remote?: RemoteRun;
  /** Why there is nothing to start. */
  readonly failure?: Failure;
  /** The shell to fall back on where the program turns out to be a script without `#!`. */
  readonly fallback?: () => readonly string[];
}

export interface CommandContext {
  /** The instance's environment, for words that name variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folder: RunFolder;
}

/** What to start for a step that runs a command; a promise where a file has to be written for it. */
export function commandOf(
  step: Exclude<Step, { kind: "call" }>,
  instance: Instance,
  context: CommandContext,
): Command | Promise<Command> {
  const { env, folder } = context;
  switch (step.kind) {
    case "exec":
      return {
        argv: step.argv.map((word) =>
          word.includes("$")
            ? renderExpansion(parseExpansion(word, { commands: false }).parts, (name) => env[name])
            : word,
        ),
      };
    case "shell":
      return shellCommand(step.text, instance.shell, instance.args);
    case "script":
      return scriptCommand(step.text, instance, folder);
  }
}

/** A text for the instance's shell; one that means the same without a shell is started directly. */
export function shellCommand(text: string, shell: Shell, args: readonly string[]): Command {
  // The built-in shell has commands of its own that need no program (`echo`, `rm`, `mkdir`).
  const isDirect = !shell.explicit && shell.dialect === "posix" && args.length === 0;
  const words = isDirect ? simpleCommand(text) : undefined;
  if (words !== undefined) return { argv: words, fallback: () => viaShell(text, shell, []).argv };
  return viaShell(text, shell, args);
}

function viaShell(text: string, shell: Shell, args: readonly string[]): Command {
  switch (shell.dialect) {
    case "posix":
    case "custom":
      return { argv: [...shell.argv, text, ...(args.length > 0 ? ["zr", ...args] : [])] };
    case "fish":
      return { argv: [...shell.argv, text, ...args] };
    case "pwsh":
    case "cmd":
      return { argv: [...shell.argv, text], env: numbered(args) };
    case "bun":
      // The runtime inside this program is a shell too; the variable turns the program into it.
      return { argv: [selfPath(), "exec", text], env: { ...numbered(args), BUN_BE_BUN: "1" } };
  }
}

const numbered = (args: readonly string[]): Record<string, string> =>
  Object.fromEntries(args.map((arg, index) => [`ZR_EXTRA_${index + 1}`, arg]));

async function scriptCommand(text: string, instance: Instance, folder: RunFolder): Promise<Command> {
  const name = `script-${instance.id.replaceAll(/[^A-Za-z0-9_-]/g, "_")}-${Bun.hash(instance.id).toString(36)}`;
  const { shell, args } = instance;
  const before = interpreterOf(text) ?? wordsBeforeScript(shell);
  if (before === undefined) return viaShell(text, shell, args);
  const file = await writeOnce(folder, name, text);
  return file.ok
    ? { argv: [...before, file.value, ...args] }
    : { argv: before, failure: { kind: "io", path: "script", message: file.error } };
}

/** What starts the shell with a file; undefined where it takes a text only. */
function wordsBeforeScript({ dialect, argv }: Shell): readonly string[] | undefined {
  if (dialect === "posix") return argv.slice(0, -1);
  return dialect === "fish" ? [argv[0] ?? "fish"] : undefined;
}

/** The words before a script's path by its `#!` line; undefined where it has none. */
export function interpreterOf(script: string): readonly string[] | undefined {
  const interpreter = /^#!\s*(\S+)(?:[ \t]+([^\r\n]*\S))?/.exec(script);
  if (interpreter === null) return undefined;
  const [, program = "sh", argument] = interpreter;
  return [program, ...(argument === undefined ? [] : envSplit(program, argument))];
}

/** The system hands the rest of a `#!` line over as one argument; `env -S` splits it, and so do we for it. */
const envSplit = (program: string, argument: string): string[] =>
  program.endsWith("/env") && !argument.startsWith("-") ? argument.split(/\s+/) : [argument];

/** A retried script finds its file there already. */
async function writeOnce(folder: RunFolder, name: string, text: string): Promise<Result<string, string>> {
  const path = `${await folder.path()}/${name}`;
  if (await pathExists(path)) return ok(path);
  const written = await folder.write(name, text);
  return written.ok ? ok(path) : written;
}

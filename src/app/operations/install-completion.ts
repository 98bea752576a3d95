import { err, ok, type Result } from "#base/result";
import type { Diagnostic } from "#base/diagnostic";
import { isAbsolute } from "#base/path";
import { removeFile } from "#system/fs/kept-files";
import { readText } from "#system/fs/read-text";
import { writeFileAtomically } from "#system/fs/write-file";

type Environment = Readonly<Record<string, string | undefined>>;

/** A shell and where it looks for completions. */
export type CompletedShell = "bash" | "zsh" | "fish" | "pwsh";

export interface CompletionSetting {
  readonly env: Environment;
  /** Look what there would be to do, and do nothing. */
  readonly isDry: boolean;
}

/** What was done, and what is left to do where the shell does not look there by itself. */
export interface InstalledCompletion {
  readonly path: string;
  readonly isChanged: boolean;
  /** A line for the user's own start file; undefined where none is needed. */
  readonly hint?: { readonly file: string; readonly line: string };
}

/** Writes a completion script to the user's folder for it. Doing it again changes nothing. */
export async function installCompletion(
  shell: CompletedShell,
  script: string,
  { env, isDry }: CompletionSetting,
): Promise<Result<InstalledCompletion, Diagnostic>> {
  const folders = foldersOf(env, "install");
  if (!folders.ok) return folders;
  const place = placeOf(shell, folders.value);
  const present = await readText(place.path);
  if (present.kind === "text" && present.text === script) return ok({ ...place, isChanged: false });
  if (isDry) return ok({ ...place, isChanged: true });
  const written = await writeFileAtomically(place.path, script);
  if (!written.ok)
    return err({ code: "E190", severity: "error", data: { path: place.path, reason: written.error } });
  return ok({ ...place, isChanged: true });
}

/** What was taken away, and what the user may have to take out of a start file. */
export interface UninstalledCompletion {
  readonly path: string;
  /** False where there was none. */
  readonly isRemoved: boolean;
  readonly hint?: { readonly file: string; readonly line: string };
}

/** How each of our scripts begins, after the line by which Zsh knows what it completes. */
const MARK = /^(?:#compdef zr\n)?# Completion of zr for /;

/** Removes the completion script of a shell. A file of that name that is not ours stays, which is an error. */
export async function uninstallCompletion(
  shell: CompletedShell,
  { env, isDry }: CompletionSetting,
): Promise<Result<UninstalledCompletion, Diagnostic>> {
  const folders = foldersOf(env, "uninstall");
  if (!folders.ok) return folders;
  const { hint, path } = placeOf(shell, folders.value);
  const present = await readText(path);
  if (present.kind === "missing") return ok({ path, isRemoved: false });
  const refused = (reason: string): Result<never, Diagnostic> =>
    err({ code: "E190", severity: "error", data: { path, reason } });
  if (present.kind !== "text" || !MARK.test(present.text)) return refused("it is not a script of zr");
  try {
    if (!isDry) await removeFile(path);
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
  return ok({ path, isRemoved: true, ...(hint === undefined ? {} : { hint }) });
}

interface CompletionFolders {
  readonly data: string;
  readonly config: string;
}

function foldersOf(env: Environment, deed: "install" | "uninstall"): Result<CompletionFolders, Diagnostic> {
  const { HOME: home = env["USERPROFILE"], XDG_DATA_HOME: data, XDG_CONFIG_HOME: config } = env;
  if (home === undefined || home === "")
    return err({
      code: "E184",
      severity: "error",
      data: { command: `zr completion ${deed}`, what: "a home folder (HOME)" },
    });
  return ok({
    data: data !== undefined && isAbsolute(data) ? data : `${home}/.local/share`,
    config: config !== undefined && isAbsolute(config) ? config : `${home}/.config`,
  });
}

function placeOf(shell: CompletedShell, folders: CompletionFolders): Omit<InstalledCompletion, "isChanged"> {
  switch (shell) {
    case "bash":
      return { path: `${folders.data}/bash-completion/completions/zr` };
    case "fish":
      return { path: `${folders.config}/fish/completions/zr.fish` };
    case "zsh": {
      const folder = `${folders.data}/zsh/site-functions`;
      return {
        path: `${folder}/_zr`,
        hint: { file: "~/.zshrc, above compinit", line: `fpath=(${folder} $fpath)` },
      };
    }
    case "pwsh": {
      const path = `${folders.config}/powershell/zr-completion.ps1`;
      return { path, hint: { file: "$PROFILE", line: `. '${path}'` } };
    }
  }
}

/** The shell that the variable SHELL names. */
export function shellOf(env: Environment): string | undefined {
  const { SHELL: shell } = env;
  return shell === undefined ? undefined : shell.replace(/^.*[/\\]/, "").replace(/\.exe$/, "");
}

import { err, ok, type Result } from "#base/result";
import type { Diagnostic } from "#base/diagnostic";
import { isAbsolute } from "#base/path";
import { readText } from "#system/fs/read-text";
import { writeFileAtomically } from "#system/fs/write-file";

type Environment = Readonly<Record<string, string | undefined>>;

/** A shell and where it looks for completions. */
export type CompletedShell = "bash" | "zsh" | "fish" | "pwsh";

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
  env: Environment,
): Promise<Result<InstalledCompletion, Diagnostic>> {
  const { HOME: home = env["USERPROFILE"], XDG_DATA_HOME: data, XDG_CONFIG_HOME: config } = env;
  if (home === undefined || home === "")
    return err({
      code: "E184",
      severity: "error",
      data: { command: "zr completion install", what: "a home folder (HOME)" },
    });
  const folders = {
    data: data !== undefined && isAbsolute(data) ? data : `${home}/.local/share`,
    config: config !== undefined && isAbsolute(config) ? config : `${home}/.config`,
  };
  const place = placeOf(shell, folders);
  const present = await readText(place.path);
  if (present.kind === "text" && present.text === script) return ok({ ...place, isChanged: false });
  const written = await writeFileAtomically(place.path, script);
  if (!written.ok)
    return err({ code: "E190", severity: "error", data: { path: place.path, reason: written.error } });
  return ok({ ...place, isChanged: true });
}

function placeOf(
  shell: CompletedShell,
  folders: { readonly data: string; readonly config: string },
): Omit<InstalledCompletion, "isChanged"> {
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

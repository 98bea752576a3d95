type Environment = Readonly<Record<string, string | undefined>>;

/** The user's own shell, as far as the hook is about it. */
export interface UserShell {
  readonly name: string;
  /** The line that sets up the hook. */
  readonly command: string;
  /** The file that the line belongs to, as one writes it. */
  readonly file: string;
  /** Whether the hook is at work where zr was started. */
  readonly isHooked: (env: Environment) => boolean;
}

/** What the hook leaves in the environment of the shell it works in. */
const HOOK_VARIABLE = "ZR_HOOK";

const FILES: Readonly<Record<string, readonly [string, string]>> = {
  bash: ['eval "$(zr hook bash)"', "~/.bashrc"],
  zsh: ['eval "$(zr hook zsh)"', "~/.zshrc"],
  fish: ["zr hook fish | source", "~/.config/fish/config.fish"],
  pwsh: ["zr hook pwsh | Out-String | Invoke-Expression", "$PROFILE"],
};

/** The shell that `$SHELL` names, where zr has a hook for it. */
export function shellOf(env: Environment): UserShell | undefined {
  const path = env["SHELL"] ?? "";
  const name = path.slice(path.lastIndexOf("/") + 1);
  const entry = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
  if (entry === undefined) return undefined;
  const [command, file] = entry;
  return { name, command, file, isHooked: (seen) => (seen[HOOK_VARIABLE] ?? "") !== "" };
}

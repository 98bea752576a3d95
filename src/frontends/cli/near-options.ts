import { suggest } from "#base/suggest";

/** What options of other tools are here: an option, or a command where it begins with `zr`. */
const MEANT: Readonly<Record<string, string>> = {
  "--always-make": "--force",
  "--bail": "--kill-on-fail",
  "--concurrency": "--jobs",
  "--continue": "--keep-going",
  "--cwd": "--chdir",
  "--dir": "--chdir",
  "--directory": "--chdir",
  "--dry": "--dry-run",
  "--file": "--config",
  "--graph": "zr graph",
  "--init": "zr init",
  "--just-print": "--dry-run",
  "--justfile": "--config",
  "--list": "zr list",
  "--list-all": "zr list",
  "--makefile": "--config",
  "--no-bail": "--keep-going",
  "--no-deps": "--only",
  "--nodeps": "--only",
  "--parallel": "--jobs",
  "--scope": "--filter",
  "--silent": "--quiet",
  "--since": "--affected",
  "--skip-deps": "--only",
  "--status": "zr explain",
  "--stream": "--output prefixed",
  "--taskfile": "--config",
  "--tasks": "zr list",
  "--workspace": "--filter",
  "-B": "--force",
  "-T": "zr list",
  "-V": "--version",
  "-a": "zr list",
  "-d": "--chdir",
  "-l": "zr list",
  "-s": "--quiet",
};

/**
 * Options that one which is unknown may stand for: what is meant by it elsewhere, as far as `names` (without dashes) has
 * it, else those that are spelt alike.
 *
 * @param shown with its dashes, as it was written.
 */
export function nearOptions(shown: string, names: readonly string[]): readonly string[] {
  const meant = Object.hasOwn(MEANT, shown) ? MEANT[shown] : undefined;
  const [option = ""] = meant?.split(" ", 1) ?? [];
  if (meant !== undefined && (option === "zr" || names.includes(option.slice(2)))) return [meant];
  return shown.startsWith("--") ? suggest(shown.slice(2), names).map((name) => `--${name}`) : [];
}

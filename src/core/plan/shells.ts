import { basename } from "#base/path";
import type { Shell } from "#core/model/plan";
import type { Quoting } from "./shell-text";

const POSIX_ARGV = (program: string): readonly string[] => [program, "-c"];

/** Shells by the name of their program; the argv ends where the text goes. */
const KNOWN: Readonly<
  Record<string, { readonly dialect: Shell["dialect"]; readonly flags: readonly string[] }>
> = {
  sh: { dialect: "posix", flags: ["-c"] },
  bash: { dialect: "posix", flags: ["-c"] },
  zsh: { dialect: "posix", flags: ["-c"] },
  dash: { dialect: "posix", flags: ["-c"] },
  ksh: { dialect: "posix", flags: ["-c"] },
  ash: { dialect: "posix", flags: ["-c"] },
  fish: { dialect: "fish", flags: ["-c"] },
  pwsh: { dialect: "pwsh", flags: ["-NoProfile", "-NonInteractive", "-Command"] },
  powershell: { dialect: "pwsh", flags: ["-NoProfile", "-NonInteractive", "-Command"] },
  cmd: { dialect: "cmd", flags: ["/D", "/V:ON", "/S", "/C"] },
};

const DEFAULT_POSIX: Shell = { dialect: "posix", argv: POSIX_ARGV("sh"), explicit: false };
const DEFAULT_WINDOWS: Shell = { dialect: "bun", argv: [], explicit: false };

/** The shell that a `shell` key asks for; `os` decides the default. */
export function shellOf(value: string | readonly string[] | undefined, os: string): Shell {
  if (value === undefined) return os === "windows" ? DEFAULT_WINDOWS : DEFAULT_POSIX;
  if (value === "bun") return { dialect: "bun", argv: [], explicit: true };
  const [program = "sh", ...flags] = typeof value === "string" ? [value] : value;
  const known = KNOWN[basename(program).replace(/\.exe$/i, "")];
  if (typeof value !== "string")
    return { dialect: known?.dialect ?? "custom", argv: [program, ...flags], explicit: true };
  return { dialect: known?.dialect ?? "posix", argv: [program, ...(known?.flags ?? ["-c"])], explicit: true };
}

/** How a shell text refers to a variable without its value ever becoming shell text; undefined where it can't. */
export function variableReference(
  dialect: Shell["dialect"],
  variable: string,
  quoting: Quoting,
): string | undefined {
  switch (dialect) {
    case "posix":
      return posixReference(variable, quoting);
    case "bun":
      return bunReference(variable, quoting);
    case "fish":
      return quoting === "double"
        ? `$${variable}`
        : quoting === "single"
          ? `'"$${variable}"'`
          : `"$${variable}"`;
    case "pwsh":
      return quoting === "double"
        ? `$(\${env:${variable}})`
        : quoting === "single"
          ? undefined
          : `\${env:${variable}}`;
    case "cmd":
      return `!${variable}!`;
    case "custom":
      return undefined;
  }
}

/** The built-in shell knows no braces around names, so a quote has to end each of them. */
function bunReference(variable: string, quoting: Quoting): string | undefined {
  switch (quoting) {
    case "plain":
      return `"$${variable}"`;
    case "double":
      return `""$${variable}""`;
    case "single":
      return `'"$${variable}"'`;
    case "comment":
      return "";
    case "heredoc":
    case "raw-heredoc":
      return undefined;
  }
}

function posixReference(variable: string, quoting: Quoting): string | undefined {
  switch (quoting) {
    case "plain":
      return `"\${${variable}}"`;
    case "double":
    case "heredoc":
      return `\${${variable}}`;
    case "single":
      return `'"\${${variable}}"'`;
    case "comment":
      return "";
    case "raw-heredoc":
      return undefined;
  }
}

import type { EnvTable, TaskTable } from "#core/config/schema/sections";
import type { ReportItem } from "#core/migrate/conversion";
import { envValue } from "#core/migrate/env-value";
import { constantOf, type Pieces } from "#core/migrate/pieces";
import type { WorldSettings } from "#core/migrate/shared-settings";
import type { Makefile } from "./makefile";

/** What a Makefile says for all of its recipes: exported variables, shell, files of variables. */
export function settingsOf(makefile: Makefile, report: ReportItem[]): WorldSettings {
  const isBlanket = makefile.exportsAll || makefile.special.has(".EXPORT_ALL_VARIABLES");
  const env = exportedVariables(makefile, { isBlanket, report });
  return {
    env,
    ...(isBlanket
      ? { blanket: new Set(Object.keys(env).filter((name) => !makefile.exported.has(name))) }
      : {}),
    shell: shellOf(makefile),
    dotenv: [...new Set(makefile.dotenv)],
  };
}

interface ExportOptions {
  readonly isBlanket: boolean;
  readonly report: ReportItem[];
}

/** Variables that commands see in their environment. */
function exportedVariables(makefile: Makefile, { isBlanket, report }: ExportOptions): EnvTable {
  const env: Record<string, EnvTable[string]> = {};
  for (const name of isBlanket ? makefile.variables.keys() : makefile.exported) {
    if (makefile.unexported.has(name) || !/^[A-Za-z_]\w*$/.test(name) || name === "SHELL") continue;
    if (!makefile.variables.has(name)) continue;
    const value = makefile.expand(`$(${name})`, new Map());
    if (isFromOutside(name, value)) continue;
    const given = envValue(value);
    if (given === undefined)
      report.push({
        file: makefile.files[0] ?? "",
        line: 1,
        severity: "left-out",
        what: `export ${name}`,
        why: "its value can't be expressed",
      });
    else
      env[name] =
        typeof given === "object" && given.cmd !== undefined ? { cmd: unfailing(given.cmd) } : given;
  }
  return env;
}

/** What only the environment says is there anyway. */
function isFromOutside(name: string, [only, ...others]: Pieces): boolean {
  return only?.kind === "default" && others.length === 0 && only.name === name && only.fallback.length === 0;
}

/** make takes what a command prints, however it ends. */
export const unfailing = (command: string): string =>
  /\|\|\s*(?:echo|true|:)\b[^|;&]*$/.test(command) || /^printf %s "[^`(]*"$/.test(command)
    ? command
    : `${command} || true`;

function shellOf(makefile: Makefile): TaskTable["shell"] | undefined {
  const value = (name: string): string | undefined => {
    const variable = makefile.variables.get(name);
    return variable === undefined ? undefined : constantOf(makefile.expand(`$(${name})`, new Map()))?.trim();
  };
  const program = (value("SHELL") ?? "").replace(/^\/usr\/bin\/env\s+(?:-S\s+)?/, "");
  const flags = value(".SHELLFLAGS")?.split(/\s+/) ?? (makefile.special.has(".POSIX") ? ["-ec"] : undefined);
  const words = program.split(/\s+/).filter((word) => word !== "");
  const name = words.length === 0 ? "sh" : words.join(" ").replace(/^\/(?:usr\/)?(?:local\/)?bin\//, "");
  if (flags === undefined && words.length <= 1) return name === "sh" ? undefined : name;
  return [...name.split(" "), ...(flags ?? ["-c"])];
}

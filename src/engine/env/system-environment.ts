import type { EnvValues } from "./env-layer";
import { compileNamePatterns } from "./name-pattern";

/**
 * Variables that steer the runtime inside zr itself. They never reach a child: an inherited `BUN_BE_BUN` or
 * `BUN_OPTIONS` would turn a nested zr into something else.
 */
export const strippedVariables: readonly string[] = ["BUN_OPTIONS", "BUN_BE_BUN"];

/** Whether a child may get no part of the system's variables as they are. Windows does not tell cases apart. */
export function needsStripping(system: EnvValues, windows: boolean): boolean {
  return windows || strippedVariables.some((name) => name in system);
}

/** What nearly every program needs; passed on also in strict mode. */
const strictBase: readonly string[] = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "TERM",
  "LANG",
  "LC_*",
  "TZ",
  "TMPDIR",
  "TMP",
  "TEMP",
];

const strictWindows: readonly string[] = [
  "SYSTEMROOT",
  "SYSTEMDRIVE",
  "WINDIR",
  "COMSPEC",
  "PATHEXT",
  "OS",
  "USERNAME",
  "USERPROFILE",
  "HOMEDRIVE",
  "HOMEPATH",
  "APPDATA",
  "LOCALAPPDATA",
  "PROGRAMDATA",
  "PROGRAMFILES",
  "PROGRAMFILES(X86)",
  "COMMONPROGRAMFILES",
  "NUMBER_OF_PROCESSORS",
  "PROCESSOR_ARCHITECTURE",
];

/** The names strict mode passes on without being told, as globs. */
function strictBuiltIns(windows: boolean): readonly string[] {
  return windows ? [...strictBase, ...strictWindows] : strictBase;
}

/** The part of the system's environment that strict mode passes on: built-ins, `passEnv` globs, declared names. */
export function strictEnvironment(
  system: EnvValues,
  options: {
    readonly passEnv: readonly string[];
    readonly declared: ReadonlySet<string>;
    readonly windows: boolean;
  },
): Record<string, string> {
  const { passEnv, declared, windows } = options;
  const passes = compileNamePatterns([...strictBuiltIns(windows), ...passEnv], { ignoreCase: windows });
  const kept = emptyEnvironment();
  for (const name in system) {
    const value = system[name];
    if (value === undefined) continue;
    if (passes(name) || declared.has(windows ? name.toUpperCase() : name)) kept[name] = value;
  }
  return kept;
}

/** A record without inherited names, so that a variable may be called `__proto__` or `constructor`. */
export function emptyEnvironment(): Record<string, string> {
  // Object.create is typed as any; an object without properties is a Record of whatever values.
  return Object.create(null) as Record<string, string>;
}

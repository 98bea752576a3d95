import { resolveFrom } from "#base/path";
import type { LoadOptions } from "#app/load-workspace";
import { isTerminal } from "#system/stdio/is-terminal";
import { thisHost } from "#system/host";
import type { Host } from "#system/host";
import type { CommandLine, OptionValues } from "./command";
import { resolveColor } from "./environment-options";

/** What every command starts from: the machine, the folder, and how to speak. */
export interface Session {
  readonly host: Host;
  /** Absolute; `--chdir` has been followed. */
  readonly cwd: string;
  readonly options: OptionValues;
  /** For what goes to stderr; data on stdout asks for itself. */
  readonly color: boolean;
  readonly load: LoadOptions;
}

export const textOption = (options: OptionValues, name: string): string | undefined => {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
};

export const listOption = (options: OptionValues, name: string): readonly string[] => {
  const value = options[name];
  return typeof value === "string" ? [value] : typeof value === "object" ? value : [];
};

export const isOn = (options: OptionValues, name: string): boolean =>
  options[name] === true || (typeof options[name] === "string" && options[name] !== "0");

/** `--format`, or `json` by `--json`. */
export const formatOption = (options: OptionValues): string | undefined =>
  textOption(options, "format") ?? (isOn(options, "json") ? "json" : undefined);

/** `line` is there for commands that look at the whole configuration, shortcuts included. */
export function openSession(options: OptionValues, line?: CommandLine): Session {
  const host = thisHost();
  const chdir = textOption(options, "chdir");
  const cwd = chdir === undefined ? host.cwd : resolveFrom(host.cwd, chdir);
  const configPath = textOption(options, "config");
  const profile = textOption(options, "profile");
  return {
    host,
    cwd,
    options,
    get color() {
      return resolveColor(options, host.env, isTerminal(2));
    },
    load: {
      cwd,
      env: host.env,
      ...(line === undefined ? {} : { reservedNames: line.reservedNames }),
      ...(configPath === undefined ? {} : { configPath }),
      ...(profile === undefined ? {} : { profile }),
    },
  };
}

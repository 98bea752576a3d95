import type { CommandDefinition, OptionDefinitions } from "#frontends/cli/command";
import { commands, laterCommand, reservedNames } from "#frontends/cli/commands";
import { globalOptions } from "#frontends/cli/global-options";

/** What commands about commands have to know. */
export interface PeripherySetting {
  readonly commands: readonly CommandDefinition[];
  readonly globals: OptionDefinitions;
  /** Names that an alias may not take. */
  readonly reservedNames: () => readonly string[];
  /** The feature that a command of a later version belongs to. */
  readonly laterCommand: (name: string) => string | undefined;
  /** The help page of a task; undefined where there is none of that name. */
  readonly taskPage?: (name: string) => Promise<string | undefined>;
}

/** The setting of this program. The one way from a command's body back to the table that it stands in. */
export const peripherySetting = (): PeripherySetting => ({
  commands,
  globals: globalOptions,
  reservedNames,
  laterCommand,
});

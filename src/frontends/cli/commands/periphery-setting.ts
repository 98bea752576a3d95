import type { CommandDefinition, OptionDefinitions } from "#frontends/cli/command";

/**
 * What commands about commands have to know. The table hands it to them, since a command that imports the table in
 * which it stands would be a circle.
 */
export interface PeripherySetting {
  readonly commands: () => readonly CommandDefinition[];
  readonly globals: OptionDefinitions;
  /** Names that an alias may not take. */
  readonly reservedNames: () => readonly string[];
  /** The feature that a command of a later version belongs to. */
  readonly laterCommand: (name: string) => string | undefined;
  /** The help page of a task; undefined where there is none of that name. */
  readonly taskPage?: (name: string) => Promise<string | undefined>;
}

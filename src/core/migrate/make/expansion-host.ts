import type { Pieces } from "#core/migrate/pieces";
import type { LostOverrides } from "#core/migrate/lost-overrides";
import type { Assignment } from "./statements";

/** Values that go before those of the file, by name, such as those of automatic variables. */
export type Scope = ReadonlyMap<string, Pieces>;

/** A variable as the Makefile defines it. */
export interface Variable {
  readonly name: string;
  /** `recursive` is expanded at each use, `simple` was when it was read, `optional` only counts where the environment has none. */
  readonly flavor: "recursive" | "simple" | "optional";
  /** The text of the definition, or what it was expanded to. */
  readonly value: string | Pieces;
  readonly isExported?: boolean;
  readonly isOverride?: boolean;
}

/** What an expansion may ask of its surroundings. */
export interface ExpansionHost {
  readonly variable: (name: string) => Variable | undefined;
  /** Files that match a pattern of the shell; undefined where they are not known (yet). */
  readonly files: (pattern: string) => readonly string[] | undefined;
  /** Text of makefile that `eval` gives. */
  readonly evaluate: (text: string) => void;
  /** An assignment that `eval` makes of a value that is only known when it runs. */
  readonly define: (assignment: Pick<Assignment, "name" | "operator">, value: Pieces) => void;
  /** The system that the Makefile is read for: `linux`, `darwin`, `windows`. Asking makes it matter. */
  readonly system: () => string;
  /** Paths of the makefiles read so far. */
  readonly makefiles: () => readonly string[];
  /** How a condition is taken that only the outside decides, and how it is where nothing is set. */
  readonly decide: (expression: string, usual: boolean) => boolean;
  /** Whether the file is being read, so that errors and assignments count; not what a recipe says. */
  readonly isReading: () => boolean;
  /** The place of something that was not read and may define variables. */
  readonly unread: () => string | undefined;
  /** Something is not quite the same. */
  readonly remarkOn: (what: string, why: string) => void;
  readonly overrides: Pick<LostOverrides, "settle" | "replace">;
  /** `$(error …)` was reached. */
  readonly fail: (message: string) => void;
}

import type { ReportItem } from "#core/migrate/conversion";
import type { Fact } from "#core/migrate/worlds";
import type { Scope, Variable } from "./expansion-host";
import type { SourcePlace } from "#core/migrate/conversion-report";
import type { LostOverrides } from "#core/migrate/lost-overrides";
import type { NameMarks } from "./name-marks";
import type { Pieces } from "#core/migrate/pieces";

/** One line of a recipe, not expanded. */
export interface RecipeLine {
  readonly line: number;
  readonly text: string;
}

/** A rule as far as it was read; recipes are expanded when tasks are made of them. */
export interface Rule {
  readonly file: string;
  readonly line: number;
  readonly targets: readonly string[];
  readonly prerequisites: readonly string[];
  readonly orderOnly: readonly string[];
  /** The line behind the targets, not expanded. */
  readonly source: string;
  /** Prerequisites that can't be known. */
  readonly unknown: Extract<Pieces[number], { kind: "unknown" }> | undefined;
  /** What a command lists, such as the sources of a program, and so is there before anything runs. */
  readonly isListed: boolean;
  /** Of a static pattern rule: what its targets look like, and its prerequisites. */
  readonly pattern: string | undefined;
  readonly isDouble: boolean;
  readonly recipe: RecipeLine[];
  /** Comments above, first to last, without their signs. */
  readonly comments: readonly string[];
  /** The comment behind `##` on the line of the rule. */
  readonly help: string | undefined;
}

/** A Makefile, read for one system and one way to take its open conditions. */
export interface Makefile {
  readonly rules: readonly Rule[];
  readonly variables: ReadonlyMap<string, Variable>;
  /** Everything that is assigned to each variable, not expanded. */
  readonly assigned: ReadonlyMap<string, string>;
  /** Variables that targets or patterns set for themselves: their assignments in order. */
  readonly ofTargets: readonly {
    readonly target: string;
    readonly name: string;
    readonly operator: string;
    readonly value: Pieces;
    readonly raw: string;
    readonly isExported: boolean;
    readonly line: number;
    readonly file: string;
  }[];
  readonly exported: ReadonlySet<string>;
  readonly exportsAll: boolean;
  readonly unexported: ReadonlySet<string>;
  readonly phony: ReadonlySet<string>;
  /** Targets of `.SILENT`, `.IGNORE` and the like, by their names; an empty list means all. */
  readonly special: ReadonlyMap<string, readonly string[]>;
  readonly defaultGoal: string | undefined;
  /** Comments at the top of the file. */
  readonly header: readonly string[];
  /** What was found to be told, also by later expansions. */
  readonly remarks: () => readonly ReportItem[];
  /** Comments over variables, by name. */
  readonly comments: ReadonlyMap<string, readonly string[]>;
  readonly facts: readonly Fact[];
  /** Whether it has asked which system it is read for. */
  readonly asksSystem: () => boolean;
  /** `$(error …)` that was reached. */
  readonly errors: readonly { readonly message: string; readonly line: number; readonly file: string }[];
  readonly files: readonly string[];
  /** Variables that can no longer be given on the command line with the same effect. */
  readonly overrides: LostOverrides;
  /** Files of variables that it includes, in the form of `dotenv`. */
  readonly dotenv: readonly string[];
  readonly expand: (text: string, scope: Scope) => Pieces;
  /** Does something whose assignments count no further, as those of a recipe. */
  readonly apart: <T>(work: () => T, at: SourcePlace) => T;
  /** What names of targets and prerequisites stand for. */
  readonly marks: NameMarks;
  /** Whether a file or folder of this name is there now; undefined where nobody can tell. */
  readonly isThere: (name: string) => boolean | undefined;
  /** How many rules there are of which no task can be made, as nobody knows what they make. */
  readonly nameless: number;
}

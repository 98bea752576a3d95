import type { Concept } from "./lexicon";
import type { Mention } from "./mentions";

/** What a command does to the world: `looks` changes nothing, `works` runs tasks, `changes` is hard to take back. */
export type Effect = "looks" | "works" | "changes";

/** What a rule sees of a clause. */
export interface IntentView {
  readonly has: (concept: Concept) => boolean;
  readonly value: (concept: Concept) => string | undefined;
  /** References of the tasks that are spoken of, packages taken into account. */
  readonly tasks: readonly string[];
  /** Names of them, without packages. */
  readonly taskNames: readonly string[];
  readonly mentions: (kind: Mention["kind"]) => readonly string[];
  /** The text of the sentence, as written. */
  readonly text: string;
}

/** One command and what a clause has to say for it to be meant. */
export interface IntentRule {
  /** Each of these, or one of each list. */
  readonly needs: readonly (Concept | readonly Concept[])[];
  /** What may be said beside. */
  readonly uses?: readonly Concept[];
  /** Kinds of names that belong to it. `task` says whether tasks may or have to be named. */
  readonly task?: "one" | "many" | "may";
  readonly names?: readonly Mention["kind"][];
  /** Names without which it is not meant. */
  readonly needsName?: Mention["kind"];
  readonly effect: Effect;
  /** Which common options it has. */
  readonly options?: "look" | "run" | "past" | "time" | "none";
  /** The words behind `zr`; undefined where the clause lacks something. */
  readonly words: (view: IntentView) => readonly string[] | undefined;
}

import type { Place } from "#base/diagnostic";
import type { Reason } from "#core/model/reason";
import type { ParsedReference } from "#core/workspace/references";
import type { Package } from "#core/workspace/workspace";
import type { expandMatrix } from "./matrix";
import type { PlanNode, Zone } from "./node";
import type { GivenValues } from "./parameters";

/** What is asked of a task by whoever wants it in the plan. */
export interface Wish {
  readonly zone: Zone;
  readonly reason: Reason;
  readonly given: GivenValues;
  /** Set where an argument stands for one that had to be given and was not: what it is can't be judged. */
  readonly isOpen?: boolean;
  readonly args: readonly string[];
  readonly env: PlanNode["givenEnv"];
  readonly pick: ParsedReference["pick"];
  readonly item?: Item;
  /** The instance whose end is handled. */
  readonly handles?: PlanNode;
  /** Whether a failure is allowed by who asks. */
  readonly mayFail?: boolean;
  /** Whether what is not there is not missed. */
  readonly isOptional?: boolean;
  readonly place?: Place;
}

/** What an entry of a task wants of another one. */
export type LinkWish = Omit<Wish, "pick"> & { readonly place: Place };

/** What a request says beside its target. Without any of it the command line asks. */
export interface Asked {
  /** The package in which the reference stands. */
  readonly pkg?: Package;
  readonly namespace?: string;
  readonly place?: Place;
  readonly reason?: Reason;
  readonly zone?: Zone;
  readonly env?: PlanNode["givenEnv"];
  /** Of the matrix, in place of what the reference's own brackets say. */
  readonly pick?: Readonly<Record<string, string>>;
  /** Values for those declared parameters of the task that have these names and are given none. */
  readonly defaults?: Readonly<Record<string, string>>;
  readonly item?: Item;
}

/** One more dimension of the matrix, with its value. */
export interface Item {
  readonly key: string;
  readonly value: string;
}

/** Reasons for which an instance is never shared with the rest of the plan. */
export const IN_PLACE: ReadonlySet<Reason["kind"]> = new Set([
  "call",
  "finally",
  "on-success",
  "on-failure",
  "workflow-end",
]);

export const NOTHING_GIVEN: GivenValues = { words: [], named: {} };

export const isNothing = (given: GivenValues): boolean =>
  given === NOTHING_GIVEN || (given.words.length === 0 && Object.keys(given.named).length === 0);

/** Combinations with one more dimension; where a task has it already, those with this value. */
export function withItem(
  matrix: ReturnType<typeof expandMatrix>,
  item: Item | undefined,
): ReturnType<typeof expandMatrix> {
  if (item === undefined || !matrix.ok) return matrix;
  const { key, value } = item;
  const rows = matrix.value.filter((row) => !Object.hasOwn(row, key) || row[key] === value);
  return { ...matrix, value: rows.map((row) => ({ ...row, [key]: value })) };
}

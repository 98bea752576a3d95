/** Whether something has to be done, as far as it is known before. */
export type UnitLook =
  | { readonly kind: "todo"; readonly detail: string }
  /** All is as it should be. */
  | { readonly kind: "done"; readonly detail: string }
  /** There is nothing of the kind here, or a condition leaves it out. */
  | { readonly kind: "skip"; readonly detail: string };

/** What became of a unit that had to be done. */
export type UnitEnd =
  | { readonly kind: "done"; readonly detail: string; readonly next?: readonly string[] }
  | { readonly kind: "failed"; readonly reason: string; readonly log?: string; readonly hint?: string };

/** A part of a setup that is done as a whole, or not. */
export interface SetupUnit {
  readonly id: string;
  /** The step it belongs to. */
  readonly step: string;
  /** Ids of units that have to be over before it is looked at. */
  readonly needs: readonly string[];
  /** Its failure does not fail the setup. */
  readonly optional: boolean;
  readonly look: () => Promise<UnitLook>;
  readonly act: (context: UnitContext) => Promise<UnitEnd>;
}

export interface UnitContext {
  readonly signal: AbortSignal;
  /** Says how far it is. */
  readonly report: (text: string) => void;
}

export type UnitState =
  "done" | "up-to-date" | "skipped" | "failed" | "warning" | "blocked" | "interrupted" | "todo";

/** A unit that is over. */
export interface UnitResult {
  readonly id: string;
  readonly step: string;
  readonly state: UnitState;
  readonly detail: string;
  readonly durationMs: number;
  /** The end of what it printed, where it failed. */
  readonly log?: string;
  readonly hint?: string;
  readonly next?: readonly string[];
}

export type SetupEvent =
  | { readonly kind: "started"; readonly id: string; readonly detail: string }
  | { readonly kind: "progress"; readonly id: string; readonly detail: string }
  | { readonly kind: "ended"; readonly result: UnitResult };

import type { Failure } from "#core/model/outcome";

/** Records lie in files that others can write to: what can't be is not counted, so that no sum and no axis is lost to it. */

const MOST_MS = 100 * 365 * 86_400_000;

/** A time that something can have taken, up to a hundred years. */
export const isPlausibleTime = (ms: unknown): ms is number =>
  typeof ms === "number" && ms >= 0 && ms < MOST_MS;

/** A moment since 1970 that a calendar knows. */
export const isPlausibleMoment = (ms: number): boolean => ms >= 0 && ms < 8.64e15;

/** The failure in a record, if it is one. */
export function plausibleFailure(failure: unknown): Failure | null {
  return isFailure(failure) ? failure : null;
}

function isFailure(value: unknown): value is Failure {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  if (typeof value.kind !== "string") return false;
  return value.kind !== "hook" || ("cause" in value && isFailure(value.cause));
}

/**
 * A value that is there now or later. Evaluation is written over this, so that an expression which asks nothing slow
 * runs without a single promise.
 */
export type Maybe<T> = T | Promise<T>;

/** `next` of the value, at once where it is there. */
export function whenReady<T, U>(value: Maybe<T>, next: (value: T) => Maybe<U>): Maybe<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

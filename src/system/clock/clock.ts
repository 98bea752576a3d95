/** Milliseconds on a clock that never goes back; only differences mean anything. */
export const monotonicMs = (): number => performance.now();

/** Wall clock, milliseconds since 1970. */
export const wallMs = (): number => Date.now();

/** A number from 0 (included) to 1 (excluded) that nobody can foresee well enough to matter. */
export const randomUnit = (): number => Math.random();

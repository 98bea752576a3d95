/**
 * Numbers below `limit` that look random and are the same on every machine: the xorshift32 generator of G. Marsaglia
 * ("Xorshift RNGs", 2003), started with `seed`.
 */
export function seededNumbers(seed: number): (limit: number) => number {
  let state = seed | 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

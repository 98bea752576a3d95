/** Numbers below `n` that one seed decides: xorshift32 (Marsaglia, "Xorshift RNGs", 2003). */
export function randomFrom(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
}

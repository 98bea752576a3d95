/** Where tokens lie while nobody has them. */
export interface TokenPool {
  /** So many tokens or, where there are fewer at this moment, none. Never waits. */
  readonly take: (count: number) => Uint8Array | undefined;
  readonly give: (tokens: Uint8Array) => void;
  /** Makes the pool hold so many tokens, whatever it holds now. Only right while nobody has a token. */
  readonly refill: (count: number) => void;
  readonly close: () => void;
}

/** The byte of a token that we made; GNU make writes the same. */
const TOKEN_BYTE = 0x2b;

export const newTokens = (count: number): Uint8Array => new Uint8Array(count).fill(TOKEN_BYTE);

/** A pool that no other process shares. */
export function memoryPool(slots: number): TokenPool {
  let free = slots;
  return {
    take: (count) => {
      if (count > free) return undefined;
      free -= count;
      return newTokens(count);
    },
    give: (tokens) => {
      free += tokens.length;
    },
    refill: (count) => {
      free = count;
    },
    close: () => {
      free = 0;
    },
  };
}

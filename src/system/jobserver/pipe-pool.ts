import type { PipeCalls } from "./pipe-calls";
import { newTokens } from "./token-pool";
import type { TokenPool } from "./token-pool";

export interface PipeEnds {
  readonly read: number;
  readonly write: number;
  /** Whether reading waits where there is nothing, so that one has to look first. */
  readonly readBlocks?: boolean;
}

/** A pool whose tokens are the bytes in a pipe; it closes both ends when it is closed. */
export function pipePool(calls: PipeCalls, { read, write, readBlocks = false }: PipeEnds): TokenPool {
  const takeUpTo = (count: number): Uint8Array => {
    if (!readBlocks) return calls.read(read, count);
    const taken: number[] = [];
    // One at a time: other clients may be quicker than we are, but then only at the last byte.
    while (taken.length < count && calls.isReadable(read)) taken.push(...calls.read(read, 1));
    return Uint8Array.from(taken);
  };
  const give = (tokens: Uint8Array): void => {
    if (tokens.length > 0) calls.write(write, tokens);
  };
  return {
    take: (count) => {
      const tokens = takeUpTo(count);
      if (tokens.length === count) return tokens;
      give(tokens);
      return undefined;
    },
    give,
    refill: (count) => {
      while (takeUpTo(count + 1).length > 0);
      give(newTokens(count));
    },
    close: () => {
      calls.close(read);
      calls.close(write);
    },
  };
}

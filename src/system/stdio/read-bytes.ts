/** What comes over stdin, in the pieces in which it comes, to its end. */
export const stdinBytes = (): AsyncIterable<Uint8Array> => Bun.stdin.stream();

/** What a file holds, in pieces. Throws the system's error. */
export const filePieces = (path: string): AsyncIterable<Uint8Array> => Bun.file(path).stream();

/** Bytes of a file; 0 where there is none. */
export const fileSize = (path: string): number => Bun.file(path).size;

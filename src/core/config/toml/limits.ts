/** Largest configuration text that is read, in UTF-16 code units. */
export const maxTextLength = 64 * 1024 * 1024;

/** Deepest nesting of tables and arrays that is read; the table of the file itself is not counted. */
export const maxDepth = 200;

/**
 * Length from which a text is read in chunks, in UTF-16 code units. Below it one call of Bun's parser costs least;
 * `bench/toml.ts` measures where the lines cross.
 */
export const chunkedFrom = 16 * 1024;

/** Length of one chunk before it is extended to the next table header, in UTF-16 code units. */
export const chunkLength = 4 * 1024;

/**
 * Longest piece that is given to Bun's parser once a text is read in chunks, in UTF-16 code units; keeps the square
 * in its running time small.
 */
export const maxPieceLength = 64 * 1024;

/** Lets so many milliseconds pass. */
export const pause = (ms: number): Promise<void> => Bun.sleep(ms);

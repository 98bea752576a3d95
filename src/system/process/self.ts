/** Path of this program. */
export const selfPath = (): string => process.execPath;

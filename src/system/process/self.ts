/** Path of this program. */
export const selfPath = (): string => process.execPath;

/** This process. */
export const selfPid = (): number => process.pid;

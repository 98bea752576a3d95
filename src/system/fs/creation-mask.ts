let known: number | undefined;

/**
 * The permission bits that new files and folders do not get. The system tells them only by setting them, to nothing for
 * that moment and for all threads: what another one makes then would be anybody's to write. So it is asked once, before
 * there are other threads.
 */
export function creationMask(): number {
  known ??= process.umask();
  return known;
}

/** Tells another thread what the first one has found. */
export function takeCreationMask(mask: number): void {
  known = mask;
}

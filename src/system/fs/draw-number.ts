let drawn = 0;
/** More than one thread ever draws. */
const PER_THREAD = 1e12;

/** A number that this process has not drawn before, for names that nobody else uses. */
export function drawNumber(): number {
  drawn += 1;
  return drawn;
}

/** Has this thread draw other numbers than the other ones of its process. @param thread from 1 on; 0 is the first one's */
export function drawApart(thread: number): void {
  drawn = Math.max(drawn, thread * PER_THREAD);
}

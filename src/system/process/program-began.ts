let known: number | undefined;

/** When this program began, in whichever of its threads that is asked; milliseconds since 1970. */
export const programBeganMs = (): number => known ?? performance.timeOrigin;

/** Tells another thread, whose own clock begins with itself, what the first one knows. */
export function takeProgramBegan(beganMs: number): void {
  known = beganMs;
}

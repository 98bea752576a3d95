/** Waits for a promise that never fails, but no longer than that. The timer holds nothing up. */
export async function within(limitMs: number, promise: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
  await Promise.race([promise, late]);
  clearTimeout(timer);
}

/** Waits for a promise that never fails, but no longer than that: whether it was settled in time. The timer holds nothing up. */
export async function within(limitMs: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const isInTime = await Promise.race([promise.then(() => true as const), over]);
  clearTimeout(timer);
  return isInTime;
}

import type { Answer, Question } from "./thread";

export interface ThreadOptions {
  readonly index: number;
  /** Of new files. */
  readonly mask: number;
  /** When the program began; milliseconds since 1970. */
  readonly beganMs: number;
}

/** What the first thread of the program tells one that it begins. */
export function threadOptions(): ThreadOptions {
  const [index, mask, beganMs] = process.argv.slice(-3).map(Number);
  return { index: index ?? 0, mask: mask ?? 0, beganMs: beganMs ?? 0 };
}

/** Answers the questions of whoever has begun this thread. A question that can't be answered is said to be one. */
export function answerWith(answerTo: (body: unknown) => Promise<unknown>): void {
  const scope = globalThis as unknown as Worker;
  scope.addEventListener("message", ({ data }: MessageEvent<Question>) => {
    const { number } = data;
    answerTo(data.body).then(
      (body) => scope.postMessage({ number, body } satisfies Answer),
      () => scope.postMessage({ number } satisfies Answer),
    );
  });
}

import type { Answer, Question } from "./thread";

/** What the first thread of the program tells one that it begins: which one it is, and the mask of new files. */
export function threadOptions(): { readonly index: number; readonly mask: number } {
  const [index, mask] = process.argv.slice(-2).map(Number);
  return { index: index ?? 0, mask: mask ?? 0 };
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

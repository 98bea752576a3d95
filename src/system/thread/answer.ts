import type { Answer, Question } from "./thread";

/** Which of the threads this is; set where it is not the first one of the program. */
export const threadIndex = (): number => Number(process.argv.at(-1));

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

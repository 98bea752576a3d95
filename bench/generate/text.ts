import { seededNumbers } from "./random";

const WORDS =
  "build test lint check note warning src/main.ts:41 done 0.31s ok cached linking résumé 출력".split(" ");

/**
 * Text of at least `bytes` bytes in UTF-8 as a build might print it. Every line starts with `@NUMBER LINE ` so that it
 * can be told apart wherever it turns up, lengths vary, and the last line ends like the others.
 */
export function numberedText(number: number, bytes: number): Uint8Array {
  const next = seededNumbers(number + 1);
  const encoder = new TextEncoder();
  const text = new Uint8Array(bytes + 4096);
  let length = 0;
  for (let line = 0; length < bytes; line += 1) {
    const words = Array.from({ length: 2 + next(16) }, () => WORDS[next(WORDS.length)]);
    length += encoder.encodeInto(`@${number} ${line} ${words.join(" ")}\n`, text.subarray(length)).written;
  }
  return text.subarray(0, length);
}

/**
 * `bun scripts/fuzz.ts [--minutes N] [--seed S] [--replay FILE]`: damages real configurations and makes up command
 * lines, and looks whether zr stays sensible: no exception, no endless work (5 s a case), every place inside of its
 * file, no raw control character, plans in order and the same twice. The first failure ends it, its input saved.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readCorpus } from "./fuzz/corpus";
import { makeCase, type FuzzCase } from "./fuzz/mutate";
import { randomFrom } from "./fuzz/random";
import type { Answer } from "./fuzz/worker";
import { projectRoot } from "./project";

const HANG_MS = 5000;
const FOLDER = join(projectRoot, "dist", "fuzz");

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: "string", default: "1" },
      seed: { type: "string" },
      replay: { type: "string" },
    },
  });
  using subject = new Subject();
  if (values.replay !== undefined) {
    // Written by this script.
    const answer = await subject.try(JSON.parse(readFileSync(values.replay, "utf8")) as FuzzCase);
    console.log(answer);
    return "failure" in answer ? 1 : 0;
  }
  const seed = values.seed === undefined ? Date.now() >>> 0 : Number(values.seed);
  const corpus = readCorpus(projectRoot);
  const end = Date.now() + Number(values.minutes) * 60_000;
  console.log(`seed ${seed}, ${corpus.length} texts, ${values.minutes} minutes`);
  const reached = { refused: 0, read: 0, planned: 0 };
  let count = 0;
  for (; Date.now() < end; count += 1) {
    const made = makeCase(randomFrom(seed + count), corpus);
    const answer = await subject.try(made);
    if ("failure" in answer) return report(made, { seed: seed + count, failure: answer.failure });
    reached[answer.reached] += 1;
  }
  const { refused, read, planned } = reached;
  console.log(`${count} cases (${refused} refused, ${read} read, ${planned} planned), nothing went wrong`);
  return 0;
}

function report(
  made: FuzzCase,
  { seed, failure }: { readonly seed: number; readonly failure: string },
): number {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `case-${seed}.json`);
  writeFileSync(path, JSON.stringify(made, undefined, 2));
  console.error(
    `seed ${seed}: ${failure}\nzr ${made.words.map((word) => JSON.stringify(word)).join(" ")}\nsaved to ${path}`,
  );
  return 1;
}

/** Tries cases in a worker, which can be ended where it never comes back. */
class Subject implements Disposable {
  readonly #worker = new Worker(new URL("fuzz/worker.ts", import.meta.url).href);

  try(made: FuzzCase): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const timer = setTimeout(() => resolve({ failure: `no answer in ${HANG_MS} ms` }), HANG_MS);
    this.#worker.onmessage = (event: MessageEvent<Answer>) => resolve(event.data);
    this.#worker.onerror = (event) => resolve({ failure: event.message });
    this.#worker.postMessage(made);
    return promise.finally(() => clearTimeout(timer));
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));

/**
 * `bun run fuzz [TARGET…] [--minutes N] [--seed S] [--replay FILE]`: gives the parts of zr that read what others wrote
 * damaged and made-up texts, and looks whether they keep what they promise: no exception, no endless work (5 s a case),
 * every place inside of its text, what was read is the same when it is written again. Without names all targets are tried,
 * each for N minutes.
 *
 * The seed alone decides the cases. One that fails is made smaller and saved below `dist/fuzz`, in the form of the files of
 * `tests/fuzz-corpus`, which are tried again with every run of the tests. The first failure of a target ends it.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { parseCase, printCase } from "./fuzz/case-file";
import type { FuzzCase, FuzzTarget } from "./fuzz/fuzz-target";
import { randomFrom } from "./fuzz/random";
import { corpusOf } from "./fuzz/read-cases";
import { shrink } from "./fuzz/shrink";
import { fuzzTargets } from "./fuzz/targets";
import type { Answer } from "./fuzz/worker";
import { projectRoot } from "./project";

const HANG_MS = 5000;
const SHRINK_MS = 30_000;
const FOLDER = join(projectRoot, "dist", "fuzz");

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      minutes: { type: "string", default: "1" },
      seed: { type: "string" },
      replay: { type: "string" },
    },
  });
  const names = values.replay === undefined ? positionals : [basename(dirname(values.replay))];
  const unknown = names.find((name) => !fuzzTargets.some((target) => target.name === name));
  if (unknown !== undefined) {
    console.error(
      `fuzz: there is no target ${unknown}; there are ${fuzzTargets.map(({ name }) => name).join(", ")}`,
    );
    return 2;
  }
  if (values.replay !== undefined) {
    using subject = new Subject(names[0] ?? "");
    const answer = await subject.try(parseCase(readFileSync(values.replay, "utf8")));
    console.log(answer);
    return "failure" in answer ? 1 : 0;
  }
  const seed = values.seed === undefined ? Date.now() >>> 0 : Number(values.seed);
  let failed = 0;
  for (const target of fuzzTargets)
    if (names.length === 0 || names.includes(target.name))
      failed += await fuzz(target, { seed, minutes: Number(values.minutes) });
  return failed === 0 ? 0 : 1;
}

interface Setting {
  readonly seed: number;
  readonly minutes: number;
}

/** 1 where something went wrong. */
async function fuzz(target: FuzzTarget, { seed, minutes }: Setting): Promise<number> {
  using subject = new Subject(target.name);
  const corpus = corpusOf(projectRoot, target);
  const end = Date.now() + minutes * 60_000;
  const reached = new Map<string, number>();
  let count = 0;
  let slowest = 0;
  for (; Date.now() < end; count += 1) {
    const made = target.make(randomFrom(seed + count), corpus);
    const start = performance.now();
    const answer = await subject.try(made);
    slowest = Math.max(slowest, performance.now() - start);
    if ("failure" in answer) {
      await report(subject, { made, failure: answer.failure, seed: seed + count });
      return 1;
    }
    reached.set(answer.reached, (reached.get(answer.reached) ?? 0) + 1);
  }
  const parts = [...reached].map(([name, number]) => `${number} ${name}`).join(", ");
  console.log(
    `${target.name}: ${count} cases in ${minutes} min from seed ${seed} (${parts}), the slowest ${slowest.toFixed(0)} ms; nothing went wrong`,
  );
  return 0;
}

interface Failed {
  readonly made: FuzzCase;
  readonly failure: string;
  readonly seed: number;
}

async function report(subject: Subject, { made, failure, seed }: Failed): Promise<void> {
  const same = kindOf(failure);
  const stillFails = async (smaller: FuzzCase): Promise<boolean> => {
    const answer = await subject.try(smaller);
    return "failure" in answer && kindOf(answer.failure) === same;
  };
  const small = await shrink(made, stillFails, Date.now() + SHRINK_MS);
  const folder = join(FOLDER, subject.target);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `case-${seed}.txt`);
  writeFileSync(path, printCase(small));
  console.error(`${subject.target}: seed ${seed}: ${failure}\n\n${printCase(small)}\nsaved to ${path}`);
}

/** Failures that differ in numbers and names alone count as one. */
const kindOf = (failure: string): string => (failure.split("\n", 1)[0] ?? "").replaceAll(/\d+|["'`].*/g, "");

/** Tries cases in a worker, which is ended where it never comes back. */
class Subject implements Disposable {
  readonly target: string;
  #worker: Worker | undefined;

  constructor(target: string) {
    this.target = target;
  }

  try(made: FuzzCase): Promise<Answer> {
    const worker = (this.#worker ??= new Worker(new URL("fuzz/worker.ts", import.meta.url).href));
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const timer = setTimeout(() => {
      this[Symbol.dispose]();
      resolve({ failure: `no answer in ${HANG_MS} ms` });
    }, HANG_MS);
    worker.onmessage = (event: MessageEvent<Answer>) => resolve(event.data);
    worker.onerror = (event) => resolve({ failure: event.message });
    worker.postMessage({ target: this.target, made });
    return promise.finally(() => clearTimeout(timer));
  }

  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));

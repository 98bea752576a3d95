import { creationMask } from "#system/fs/creation-mask";
import { programBeganMs } from "#system/process/program-began";

/** A question to another thread, by a number that its answer has too. */
export interface Question {
  readonly number: number;
  readonly body: unknown;
}

/** An answer; one without a body where there is none: then whoever asked has to do without. */
export interface Answer {
  readonly number: number;
  readonly body?: unknown;
}

/** A thread of this program (`src/worker.ts`) that answers questions, many at a time. */
export interface Thread {
  /** The answer; undefined where the thread has failed. Questions and answers are plain data: they are copied. */
  readonly ask: (body: unknown) => Promise<unknown>;
  /** Questions without an answer so far. */
  readonly waiting: () => number;
  /** Ends it, whatever it is doing. */
  readonly close: () => void;
}

/** A thread that could not be begun: it fails at everything. */
const FAILED: Thread = { ask: () => Promise.resolve(undefined), waiting: () => 0, close: () => undefined };

/**
 * Begins a thread. It may take questions at once. One that the system refuses is as good as one that has failed.
 *
 * @param index tells it from others, itself and the names that it makes up; from 1 on.
 */
export function openThread(index: number): Thread {
  const worker = beginWorker(index);
  return worker === undefined ? FAILED : threadOf(worker);
}

/** Undefined where the system has no thread left to give. */
function beginWorker(index: number): Worker | undefined {
  try {
    return new Worker(workerFile(), { argv: [`${index}`, `${creationMask()}`, `${programBeganMs()}`] });
  } catch {
    // What the runtime throws has no code to know it by; nothing but the beginning of a thread can fail here.
    return undefined;
  }
}

function threadOf(worker: Worker): Thread {
  const open = new Map<number, (answer: Answer) => void>();
  let asked = 0;
  let hasFailed = false;
  const fail = (): void => {
    hasFailed = true;
    for (const [number, answer] of open) answer({ number });
    open.clear();
  };
  worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    open.get(data.number)?.(data);
    open.delete(data.number);
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    fail();
  });
  worker.addEventListener("close", fail);
  return {
    ask: async (body) => {
      if (hasFailed) return undefined;
      asked += 1;
      const number = asked;
      const answered = new Promise<Answer>((resolve) => open.set(number, resolve));
      worker.postMessage({ number, body } satisfies Question);
      return (await answered).body;
    },
    waiting: () => open.size,
    close: () => {
      worker.terminate();
    },
  };
}

/** In the executable all code lies in one folder; never a file of the folder that zr runs in. */
const workerFile = (): URL =>
  import.meta.url.endsWith(".ts")
    ? new URL("../../worker.ts", import.meta.url)
    : new URL("./worker.js", import.meta.url);

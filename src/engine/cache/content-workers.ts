import { Breather } from "#system/cas/breather";
import type { ThreadPool } from "#system/thread/thread-pool";
import type { PutBackEnds, ReportNotice } from "./cache-store";
import { storeFiles } from "./content-work";
import type { ContentAnswer, ContentQuestion, StoredFiles, StoreWork } from "./content-work";
import type { LocalStore } from "./local-store";
import { makeOutputs } from "./make-outputs";
import type { MakeProblem, OutputWork } from "./make-outputs";
import type { OutputsSeen } from "./output-facts";
import { putBack } from "./put-back";
import type { PutBack } from "./put-back";

/** Files that are worked on before other threads are begun. */
const FEW = 48;
/** Files of one piece: much more than it takes to hand it over, little enough that nobody waits long for the last one. */
const PIECE = 16;
/** Blobs that are made in this thread. */
const FEW_PACKS = 4;
/** More would wait for the disk. */
const MOST_THREADS = 4;

/** Works on the contents of a store: little work at once, much of it in other threads too. */
export class ContentWorkers {
  readonly #store: LocalStore;
  readonly #report: ReportNotice;
  readonly #most: number;
  #pool: ThreadPool | undefined;
  readonly #breather = new Breather();
  #files = 0;

  /** @param processors that this program may use */
  constructor(store: LocalStore, report: ReportNotice, processors: number) {
    this.#store = store;
    this.#report = report;
    this.#most = Math.min(MOST_THREADS, processors - 1);
  }

  /** Makes outputs; a problem of any of them where there are some. */
  async make(work: OutputWork): Promise<MakeProblem | undefined> {
    const [first = [], ...rest] = piecesOf(work.wanted);
    // What is in the way has to be gone before others begin.
    const problem = await this.#make({ ...work, wanted: first });
    if (problem !== undefined) return problem;
    const made = await this.#each(rest, async (wanted) => {
      const result = await this.#make({ ...work, stale: [], emptied: [], wanted });
      return { result, isLast: result !== undefined };
    });
    return made.find((one) => one !== undefined);
  }

  /** Stores the contents of files, those of a group in one blob; what is after one that can't be stored may be missing. */
  async storeFiles(packs: StoreWork["packs"]): Promise<StoredFiles> {
    const store = this.#store.folder;
    // Beside what is stored other tasks run, which have the processors: little work is not worth another one.
    if (packs.length <= FEW_PACKS) return storeFiles({ store, packs }, this.#store);
    const stored = await this.#each(packs, async (pack) => {
      const work: StoreWork = { store, packs: [pack] };
      const question: ContentQuestion = { kind: "store", work };
      const result = await this.#do(question, pack.length, () => storeFiles(work, this.#store));
      return { result, isLast: result.problem !== undefined };
    });
    const failed = stored.find(({ problem }) => problem !== undefined);
    const whole = failed === undefined ? stored : stored.slice(0, stored.indexOf(failed) + 1);
    return { ...failed, contents: whole.flatMap(({ contents }) => contents) };
  }

  /** Puts results in place, and tells what the checkout knows of each from then on; nothing where it is not in place. */
  async putBack(
    results: readonly PutBack[],
    { isOver, ended }: PutBackEnds<OutputsSeen | undefined>,
  ): Promise<void> {
    let from = 0;
    const pieces = putBackPieces(results).map((piece) => {
      const first = from;
      from += piece.length;
      return { first, piece };
    });
    await this.#each(pieces, async ({ first, piece }) => {
      const seen = await this.#putBack(piece);
      for (const [index, one] of seen.entries()) ended(first + index, one);
      return { result: undefined, isLast: isOver() };
    });
  }

  #putBack(results: readonly PutBack[]): Promise<readonly (OutputsSeen | undefined)[]> {
    const work = { store: this.#store.folder, results };
    const files = filesOf(results);
    // One with many files is shared file by file.
    if (files > PIECE) return putBack(work, this.#store, (made) => this.make(made));
    return this.#do({ kind: "put-back", work }, files, () => putBack(work, this.#store));
  }

  close(): void {
    this.#pool?.close();
  }

  #make(work: OutputWork): Promise<MakeProblem | undefined> {
    return this.#do({ kind: "make", work }, work.wanted.length, () => makeOutputs(work, this.#store));
  }

  /** Works on pieces, several at a time, and begins no more after the last one. Results are in the order of the pieces. */
  async #each<Piece, Result>(
    pieces: readonly Piece[],
    work: (piece: Piece) => Promise<{ readonly result: Result; readonly isLast: boolean }>,
  ): Promise<readonly Result[]> {
    const results: Result[] = [];
    let next = 0;
    const run = async (): Promise<void> => {
      while (next < pieces.length) {
        const index = next;
        next += 1;
        const { result, isLast } = await work(pieces[index] as Piece);
        results[index] = result;
        if (isLast) next = pieces.length;
      }
    };
    await Promise.all(Array.from({ length: this.#most + 1 }, run));
    return results;
  }

  async #do<Result>(question: ContentQuestion, files: number, here: () => Promise<Result>): Promise<Result> {
    this.#files += files;
    const pool = this.#files > FEW && this.#most > 0 ? await this.#threads() : undefined;
    if (pool === undefined) {
      const result = await here();
      if (this.#breather.isDue) await this.#breather.rest();
      return result;
    }
    const answer = await pool.do<ContentAnswer<Result>>({
      question,
      // What another thread has begun and not ended is as good as not begun: everything is put in place whole.
      here: async () => ({ result: await here(), notices: [] }),
    });
    for (const notice of answer.notices) this.#report(notice);
    return answer.result;
  }

  async #threads(): Promise<ThreadPool> {
    if (this.#pool !== undefined) return this.#pool;
    const threads = await import("#system/thread/thread-pool");
    return (this.#pool ??= new threads.ThreadPool({ most: this.#most }));
  }
}

/** As many files as are known of results, at least one for each. */
const filesOf = (results: readonly PutBack[]): number =>
  results.reduce((sum, { seen }) => sum + Math.max(1, seen?.files.length ?? 1), 0);

/** Those with many files by themselves. */
function putBackPieces(results: readonly PutBack[]): readonly (readonly PutBack[])[] {
  const pieces: PutBack[][] = [];
  let last: PutBack[] = [];
  for (const result of results) {
    if (last.length > 0 && filesOf([...last, result]) <= PIECE) {
      last.push(result);
      continue;
    }
    last = [result];
    pieces.push(last);
  }
  return pieces;
}

/** A blob that holds several contents is in one piece, as far as they follow each other. */
function piecesOf(all: OutputWork["wanted"]): readonly OutputWork["wanted"][] {
  const pieces: OutputWork["wanted"][] = [];
  let from = 0;
  for (const [at, { blob }] of all.entries()) {
    if (at - from < PIECE || blob?.digest === all[at - 1]?.blob?.digest) continue;
    pieces.push(all.slice(from, at));
    from = at;
  }
  return [...pieces, all.slice(from)];
}

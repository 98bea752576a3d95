import type { Result } from "#base/result";
import type { LogChunk, ResultDraft, ResultInPlace, StoredResult } from "#core/model/cache";

/** Where the outputs of an instance lie and which they are. */
export interface OutputPlace {
  /** Absolute. */
  readonly packageDir: string;
  /** Workspace root, absolute. */
  readonly root: string;
  /**
   * Globs, relative to the package or with a leading `//` to the workspace. A path without special characters that is a
   * folder stands for everything below it; a leading `!` leaves out.
   */
  readonly outputs: readonly string[];
  /** Others of the same run whose outputs may lie there too, and stay where these are put back. */
  readonly sharers?: readonly OutputSharer[];
}

/** An instance that has outputs where another one has its own. */
export interface OutputSharer {
  readonly task: string;
  /** Absolute. */
  readonly packageDir: string;
  /** Whether it declares more closely what is its own: what is in both results is of its making. */
  readonly isCloser: boolean;
  /** Whether an absolute path may be an output of it; there as long as it may be at work. */
  readonly mayMake?: (path: string) => boolean;
}

/** What came of putting outputs back. `damaged` is a miss: something stored is not what it was, or is gone. */
export type Restored = "restored" | "unchanged" | "damaged";

/** What a checkout remembers of a result without a log. */
export interface KnownResult {
  readonly durationMs: number;
  /** Since 1970. */
  readonly createdMs: number;
  /** What its outputs mean to those behind it. */
  readonly meaning: string;
}

/** A result that is to be in place. */
export interface WantedResult {
  readonly key: string;
  /** Of the instance. */
  readonly task: string;
  readonly place: OutputPlace;
}

/** How somebody hears of results that are put back. */
export interface PutBackEnds<End = boolean> {
  /** Whether nothing more is to be begun. */
  readonly isOver: () => boolean;
  /** Called for each that was begun, by its position: whether it is in place. */
  readonly ended: (index: number, end: End) => void;
}

/** Finds, restores and keeps results of tasks. Nothing of it throws for what a user or the world does. */
export interface CacheStore {
  /**
   * A result by its key, 64 lower-case hexadecimal digits: the local store first, then remote caches. A damaged entry is
   * a miss. Whoever asks checks the age.
   *
   * @param options.remote false asks no remote cache.
   */
  find(key: string, options?: { readonly remote?: boolean }): Promise<StoredResult | undefined>;
  /**
   * A stored result without a log whose outputs are in place and untouched, as this checkout remembers them; undefined
   * where more has to be looked at.
   */
  inPlace(key: string, task: string, place: OutputPlace): KnownResult | undefined;
  /** Absolute paths; as long as they look the same, the outputs of an instance are in place. Undefined where that is not known. */
  outputPaths(task: string): readonly string[] | undefined;
  /** The newest result of an instance in this checkout under any key, for saying what has changed since. */
  last(task: string): Promise<StoredResult | undefined>;
  /** Makes the outputs what the result says: nothing missing, nothing different, nothing stale. */
  restore(result: StoredResult, place: OutputPlace): Promise<Restored>;
  /** The same for many results that may be in the local store, in no order, without a question to a remote cache. */
  putBack(wanted: readonly WantedResult[], ends: PutBackEnds): Promise<void>;
  /**
   * Keeps outputs and log. Only for attempts that succeeded. The error is for people and ends a sentence.
   *
   * @param problem asked when all has been read: why it is not what was made; undefined where it is.
   */
  save(
    draft: ResultDraft,
    place: OutputPlace,
    problem?: () => string | undefined,
  ): Promise<Result<StoredResult, string>>;
  /** The stored log; undefined where none was stored or it is damaged. */
  log(result: ResultInPlace): Promise<AsyncIterable<LogChunk> | undefined>;
  /** Asks remote caches for nothing more; whoever waits for an answer gets none. */
  stopReading(): void;
  /** Waits a bounded time for uploads, until `over` at most, then writes what the next run wants to know. */
  close(over?: Promise<void>): Promise<void>;
}

/** A store whose entries can be given to remote caches, and got from them, without a run. */
export interface ExchangeStore extends CacheStore {
  /** Makes all of an entry local: it was there already, it came from a remote cache, or nobody has all of it. */
  bring(key: string): Promise<"there" | "brought" | "missing">;
  /** Sends a local entry: to how many remote caches; undefined where it is not in the local store. */
  send(key: string): Promise<number | undefined>;
}

/** Something about the cache that somebody should know; never a failure of the run. */
export interface CacheNotice {
  /** `detail` is shown with `--verbose` only. */
  readonly level: "warning" | "detail";
  readonly text: string;
}

export type ReportNotice = (notice: CacheNotice) => void;

import type { CapturedLog, LogChunk, ResultInPlace } from "#core/model/cache";
import type { InstanceId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { Instance } from "#core/model/plan";

/** The variables of an instance that starts, and what may not be told of them. */
export interface InstanceVariables {
  /** What its commands get. */
  readonly values: Readonly<Record<string, string>>;
  /** Names that the configuration or the command line sets. */
  readonly declared: readonly string[];
  readonly secretNames: ReadonlySet<string>;
  /** Texts that must not be shown, whatever variable they are in. */
  readonly secretTexts: () => readonly string[];
  /** What the conditions of its commands say, in the order of the commands; absent where they were not asked. */
  readonly verdicts?: readonly (boolean | "unknown")[];
}

export type CacheAnswer =
  | { readonly kind: "hit"; readonly result: ResultInPlace }
  /** What has changed since the last result, in words; empty where nobody has asked. */
  | { readonly kind: "miss"; readonly why: string }
  /** The cache has nothing to do with it. */
  | { readonly kind: "off" };

/** What an attempt that has succeeded leaves. */
export interface CacheableEnd {
  readonly log: CapturedLog;
  readonly durationMs: number;
  /** Why the result is not to be used again though it is good; in words. */
  readonly unfit?: string;
}

export type TellCache = (level: "info" | "warn", text: string) => void;

/** The cache as a run sees it. Nothing of it throws for what a user or the world does. */
export interface CacheSession {
  /** Where what it has to say goes. */
  connect(tell: TellCache): void;
  /** Asked before anything of an instance is run. A hit has been restored. */
  before(instance: Instance, variables: InstanceVariables): Promise<CacheAnswer>;
  /**
   * Puts results in place whose keys are known without a look at what they are made of. For each instance whether its result
   * is in place then; whatever is not done before `isOver` says so is not.
   */
  putBack(instances: readonly Instance[], isOver: () => boolean): ReadonlyMap<InstanceId, Promise<boolean>>;
  /** An instance has its result of an earlier run, at which nobody has to look. */
  recalled(id: InstanceId, outcome: Outcome): void;
  /** Stores what has succeeded after a miss. */
  after(instance: Instance, end: CacheableEnd): Promise<void>;
  /** The stored log of a hit. */
  log(result: ResultInPlace): Promise<AsyncIterable<LogChunk> | undefined>;
  /** How an instance ended; what is behind it goes by that. */
  settled(id: InstanceId, outcome: Outcome): void;
  /** Somebody wants the run to end: remote caches are not waited for, what is asked of them is not there. */
  stopReading(): void;
  /** @param over ends the wait for what is being sent. */
  close(over?: Promise<void>): Promise<void>;
}

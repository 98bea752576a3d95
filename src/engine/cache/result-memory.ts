import type { LogChunk } from "#core/model/cache";
import type { RunEventBody } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";

/** What is known of an instance's result without looking at its inputs. */
export interface KnownResultKey {
  readonly key: string;
  /** What the result means to those behind it. */
  readonly meaning: string;
  /** Absolute paths of all files that the key was made of. */
  readonly inputs: () => readonly string[];
  /** Absolute paths that say whether its outputs are in place; undefined where not all of them are known. */
  readonly outputs: () => readonly string[] | undefined;
}

export type InstanceFinished = Extract<RunEventBody, { type: "instance.finished" }>;

/** What was told of an instance whose result was there. */
export interface ToldResult {
  readonly output: readonly LogChunk[];
  readonly finished: InstanceFinished;
}

/** An instance that has the result that it had. */
export interface SameResult extends ToldResult {
  /** False where its outputs are not as they were, and have to be put back first. */
  readonly isInPlace: boolean;
}

/** What a run knows of results from an earlier one, and learns of them for a later one. */
export class ResultMemory {
  /** Results whose inputs are as they were. What is before them may have changed. */
  readonly known: ReadonlyMap<InstanceId, KnownResultKey>;
  /** Instances that go by nothing that has changed, nor does anything before them: they need only be told of again. */
  readonly same: ReadonlyMap<InstanceId, SameResult>;
  /**
   * Absolute paths of the inputs of an instance, whether or not they have changed; undefined where they are not known. They
   * are those that were there when the run began.
   */
  readonly inputPaths: (id: InstanceId) => readonly string[] | undefined;
  /** Of results that were there. */
  readonly learned = new Map<InstanceId, KnownResultKey>();
  /** Absolute paths of the inputs that were looked at for instances, whatever came of it. */
  readonly lookedAt = new Map<InstanceId, readonly string[]>();

  constructor(
    known: ReadonlyMap<InstanceId, KnownResultKey> = new Map(),
    same: ReadonlyMap<InstanceId, SameResult> = new Map(),
    inputPaths: ResultMemory["inputPaths"] = () => undefined,
  ) {
    this.inputPaths = inputPaths;
    this.known = known;
    this.same = same;
  }
}

import type { InstanceId } from "#core/model/ids";

/** What is known of an instance's result without looking at its inputs. */
export interface KnownResultKey {
  readonly key: string;
  /** What the result means to those behind it. */
  readonly meaning: string;
  /** Absolute paths of all files that the key was made of. */
  readonly inputs: () => readonly string[];
}

/** What a run knows of results from an earlier one, and learns of them for a later one. */
export class ResultMemory {
  /** Results whose inputs are as they were. What is before them may have changed. */
  readonly known: ReadonlyMap<InstanceId, KnownResultKey>;
  /** Of results that were there. */
  readonly learned = new Map<InstanceId, KnownResultKey>();
  /** Absolute paths of inputs that were looked at for instances, whatever came of them. */
  readonly inputs = new Set<string>();

  constructor(known: ReadonlyMap<InstanceId, KnownResultKey> = new Map()) {
    this.known = known;
  }
}

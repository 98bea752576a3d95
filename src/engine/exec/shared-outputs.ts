import type { InstanceId } from "#core/model/ids";

/** What an instance has shared with those downstream. */
export interface SharedOutput {
  /** Its trimmed text, or the data that it is as JSON. */
  readonly value: unknown;
  /** The texts in it that are masked wherever they are shown or stored; where there are any, masking changes it. */
  readonly secrets: readonly string[];
}

/** The outputs shared in one run. */
export class SharedOutputs {
  readonly #outputs: Map<InstanceId, SharedOutput>;

  /** `earlier`: what was shared before the run began, as in the part of it that is resumed. */
  constructor(earlier: Iterable<readonly [InstanceId, SharedOutput]> = []) {
    this.#outputs = new Map(earlier);
  }

  share(id: InstanceId, output: SharedOutput): void {
    this.#outputs.set(id, output);
  }

  /** Undefined while, or where, the instance has shared nothing. */
  of(id: InstanceId): SharedOutput | undefined {
    return this.#outputs.get(id);
  }

  /** Everything shared until now. */
  all(): ReadonlyMap<InstanceId, SharedOutput> {
    return this.#outputs;
  }
}

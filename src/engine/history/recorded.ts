import type { RunEvent } from "#core/model/event";
import type { InstanceId, RunId } from "#core/model/ids";
import type { Invocation } from "./stored-run";

export interface RecorderOptions {
  readonly run: RunId;
  /** Workspace root. */
  readonly root: string;
  readonly invocation: Invocation;
  /** Most bytes of one instance's log. */
  readonly logMax: number;
  readonly env: Readonly<Record<string, string>>;
  /** Texts that must not be kept, of the environments of these instances. */
  readonly secrets: (ids: Iterable<InstanceId>) => Promise<readonly string[]>;
  /** Whether the record holds nothing but what the configuration itself says, and so no secret, unless a failure speaks. */
  readonly isOwnText: boolean;
  /** Persistent instances: how long they run says nothing. */
  readonly servers: ReadonlySet<InstanceId>;
  /** Instances that had ended well before and are not run again. */
  readonly carried: readonly InstanceId[];
}

/** The facts of a run that a record is made of. */
export interface Recorded {
  readonly started: Extract<RunEvent, { type: "run.started" }>;
  readonly planned: Extract<RunEvent, { type: "run.planned" }>;
  readonly starts: ReadonlyMap<InstanceId, number>;
  readonly ends: ReadonlyMap<InstanceId, Extract<RunEvent, { type: "instance.finished" }>>;
  readonly stages: readonly Extract<RunEvent, { type: "stage.finished" }>[];
  readonly finished: Extract<RunEvent, { type: "run.finished" }>;
}

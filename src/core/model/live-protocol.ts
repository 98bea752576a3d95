import type { InstanceRecord, RunRecord } from "./record";

/**
 * What a run in progress tells those who attach to its socket, as JSON Lines: a greeting with the run so far, then every
 * event but output as it happens, and `resources.sampled` twice a second while somebody listens. Nothing is read from them.
 */
export const LIVE_PROTOCOL = 1;

/** The first line. */
export interface LiveHello {
  readonly type: "hello";
  readonly v: typeof LIVE_PROTOCOL;
  readonly zr: string;
  readonly record: LiveRecord;
}

/** A record as JSON: the instances as a list, in the plan's order. */
export interface LiveRecord extends Omit<RunRecord, "instances"> {
  readonly instances: readonly InstanceRecord[];
}

/** The file in a run's folder that says where its socket is. */
export const LIVE_FILE = "live.json";

export interface LiveAddress {
  readonly v: typeof LIVE_PROTOCOL;
  readonly address: string;
  readonly wallMs: number;
  readonly request: readonly string[];
}

export const toLiveRecord = (record: RunRecord): LiveRecord => ({
  ...record,
  instances: [...record.instances.values()],
});

export const fromLiveRecord = (record: LiveRecord): RunRecord => ({
  ...record,
  instances: new Map(record.instances.map((instance) => [instance.planned.id, instance])),
});

import { writeInPlace } from "#system/fs/plain-file";
import type { InstanceId } from "#core/model/ids";
import { recordPath } from "./history-folder";
import type { HistoryFolder } from "./history-folder";
import type { KeptLogs } from "./log-keeper";
import { encodeRecord } from "./record-file";
import type { Recorded, RecorderOptions } from "./recorded";
import type { GitState, StoredInstance, StoredRun } from "./stored-run";

export interface RecordSetting extends Omit<RecorderOptions, "secrets"> {
  /** Texts that must not be kept. */
  readonly secrets: readonly string[];
  readonly folder: HistoryFolder;
  readonly logs: KeptLogs;
  readonly git: GitState | undefined;
}

/** Writes the record of a run that has ended. A disk that refuses costs the record and nothing else. */
export async function writeRecord(recorded: Recorded, setting: RecordSetting): Promise<void> {
  const made = makeRecord(recorded, setting);
  const run =
    setting.secrets.length === 0
      ? made
      : (await import("./masked-record")).withoutSecrets(made, setting.secrets);
  const bytes = encodeRecord({ run, pack: Buffer.concat(setting.logs.pack) });
  const path = recordPath(setting.folder, setting.run);
  try {
    await writeInPlace(path, bytes);
  } catch {
    await writeFirst(path, bytes, setting.folder);
  }
}

/** The first run of a workspace finds no folder. */
async function writeFirst(path: string, bytes: Uint8Array, { state, inbox }: HistoryFolder): Promise<void> {
  try {
    await (await import("#system/fs/private-folder")).ensurePrivateFolder(inbox, state);
    await writeInPlace(path, bytes);
  } catch {
    // A folder that can't be written to is no reason to disturb a run; commands that read the history say so.
    return;
  }
}

function makeRecord(recorded: Recorded, setting: RecordSetting): StoredRun {
  const { git } = setting;
  const { started, planned, finished, stages } = recorded;
  return {
    v: 1,
    run: setting.run,
    wallMs: started.wallMs,
    durationMs: finished.durationMs,
    zr: started.zr,
    jobs: started.jobs,
    requested: planned.requested,
    invocation: setting.invocation,
    labels: started.labels ?? {},
    ...(started.workflow === undefined ? {} : { workflow: started.workflow }),
    ...(planned.stages === undefined ? {} : { plannedStages: planned.stages }),
    ...(stages.length === 0 ? {} : { stages: stages.map(stageRecord) }),
    ...(git === undefined ? {} : { git }),
    exitCode: finished.exitCode,
    ...(finished.interrupted === undefined ? {} : { interrupted: finished.interrupted }),
    ...(setting.carried.length === 0 ? {} : { carried: setting.carried }),
    instances: makeInstances(recorded, setting),
  };
}

function makeInstances(recorded: Recorded, setting: RecordSetting): StoredInstance[] {
  const { planned, ends } = recorded;
  const after = waitedFor(recorded);
  if (after === undefined)
    return planned.instances.flatMap((instance) => makeInstance(instance, recorded, setting));
  const ended = planned.instances.filter(({ id }) => ends.has(id));
  return ended.flatMap((instance, at) => {
    const made = makeInstance(instance, recorded, setting);
    const places = after[at] ?? [];
    return places.length === 0 ? made : made.map((one) => ({ ...one, after: places }));
  });
}

/**
 * For each instance that has ended the places among these of those that it waited for. Undefined where everything came
 * from the cache: then no chain took any time, and a large run is over the sooner.
 */
function waitedFor({ planned, starts, ends }: Recorded): readonly (readonly number[])[] | undefined {
  let hasRun = false;
  const places = new Map<InstanceId, number>();
  for (const { id } of planned.instances) {
    const end = ends.get(id);
    if (end === undefined) continue;
    places.set(id, places.size);
    hasRun ||= starts.has(id) && end.outcome.state !== "cached";
  }
  if (!hasRun) return undefined;
  const after: number[][] = [];
  for (const { id, edges } of planned.instances) {
    if (!places.has(id)) continue;
    const before: number[] = [];
    for (const { on } of edges) {
      const place = places.get(on);
      if (place !== undefined) before.push(place);
    }
    after.push(before);
  }
  return after;
}

const stageRecord = ({
  stage,
  state,
  durationMs,
  why,
}: Recorded["stages"][number]): NonNullable<StoredRun["stages"]>[number] => ({
  name: stage,
  state,
  durationMs,
  ...(why === undefined ? {} : { why }),
});

function makeInstance(
  { id, package: pkg, task, command, tags }: Recorded["planned"]["instances"][number],
  { starts, ends }: Recorded,
  { logs, servers }: RecordSetting,
): StoredInstance[] {
  const end = ends.get(id);
  if (end === undefined) return [];
  const { outcome, attempts, durationMs, cpuMs, peakMemoryBytes, readBytes, writtenBytes } = end;
  const startedAt = starts.get(id);
  const log = logs.logs.get(id);
  const { failure } = outcome;
  return [
    {
      id,
      package: pkg,
      task,
      command,
      tags,
      outcome,
      attempts,
      ...(startedAt === undefined ? {} : { startedAt }),
      durationMs,
      ...(cpuMs === undefined ? {} : { cpuMs }),
      ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes }),
      ...(readBytes === undefined ? {} : { readBytes }),
      ...(writtenBytes === undefined ? {} : { writtenBytes }),
      exitCode:
        failure?.kind === "exit" ? failure.code : outcome.state === "success" && attempts > 0 ? 0 : null,
      cacheKey: outcome.reason?.kind === "cache" ? outcome.reason.key : null,
      ...(servers.has(id) ? { isServer: true as const } : {}),
      ...(log === undefined ? {} : { log }),
    },
  ];
}

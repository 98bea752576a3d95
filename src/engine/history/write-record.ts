import { maskText } from "#engine/env/mask";
import { ensurePrivateFolder } from "#system/fs/private-folder";
import { writeInPlace } from "#system/fs/plain-file";
import { headCommit } from "#system/git/head-commit";
import { watchDirty } from "#system/git/watch-dirty";
import { recordPath } from "./history-folder";
import type { HistoryFolder } from "./history-folder";
import type { KeptLogs } from "./log-keeper";
import { encodeRecord } from "./record-file";
import type { Recorded, RecorderOptions } from "./recorded";
import type { GitState, Invocation, StoredInstance, StoredRun } from "./stored-run";

/** A run shorter than this is over before git could say much; asking takes a process. */
const LOOK_AT_CHECKOUT_MS = 200;

/** What is watched while a run goes on. */
export interface CheckoutWatch {
  readonly finish: () => Promise<GitState | undefined>;
}

/** The commit now, and later, if there is time, whether anything differs from it. */
export function watchCheckout(root: string, env: Readonly<Record<string, string>>): CheckoutWatch {
  const commit = headCommit(root);
  const dirty = commit.then((found) =>
    found === undefined ? undefined : watchDirty(root, env, LOOK_AT_CHECKOUT_MS),
  );
  return {
    finish: async () => {
      const [found, watch] = await Promise.all([commit, dirty]);
      return found === undefined ? undefined : { commit: found, dirty: (await watch?.finish()) ?? null };
    },
  };
}

export interface RecordSetting extends Omit<RecorderOptions, "secrets"> {
  /** Texts that must not be kept. */
  readonly secrets: readonly string[];
  readonly folder: HistoryFolder;
  readonly logs: KeptLogs;
  readonly git: Promise<GitState | undefined> | undefined;
}

/** Writes the record of a run that has ended. A disk that refuses costs the record and nothing else. */
export async function writeRecord(recorded: Recorded, setting: RecordSetting): Promise<void> {
  const git = await setting.git;
  const run = withoutSecrets(makeRecord(recorded, setting, git), setting.secrets);
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
    await ensurePrivateFolder(inbox, state);
    await writeInPlace(path, bytes);
  } catch {
    // A folder that can't be written to is no reason to disturb a run; commands that read the history say so.
    return;
  }
}

function makeRecord(recorded: Recorded, setting: RecordSetting, git: GitState | undefined): StoredRun {
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
    instances: planned.instances.flatMap((instance) => makeInstance(instance, recorded, setting)),
  };
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
      cacheKey: null,
      ...(servers.has(id) ? { isServer: true as const } : {}),
      ...(log === undefined ? {} : { log }),
    },
  ];
}

/** The record with `****` for every secret, wherever it stands. */
export function withoutSecrets(run: StoredRun, secrets: readonly string[]): StoredRun {
  const text = JSON.stringify(run);
  // Nearly always nothing is there, and a look at the whole text is cheaper than one at each of its parts.
  const found = secrets.filter((secret) => text.includes(JSON.stringify(secret).slice(1, -1)));
  if (found.length === 0) return run;
  const masked = masker(found);
  const invocation = maskInvocation(run.invocation, masked);
  return { ...(maskValues({ ...run, invocation: null }, masked) as StoredRun), invocation };
}

type Mask = (text: string) => string;

const masker =
  (secrets: readonly string[]): Mask =>
  (text) =>
    maskText(text, secrets);

/** Plain data with every text masked; names of a record's own fields are no secrets. */
function maskValues(value: unknown, mask: Mask): unknown {
  if (typeof value === "string") return mask(value);
  if (Array.isArray(value)) return value.map((item) => maskValues(item, mask));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskValues(item, mask)]));
}

/** Of `--env=NAME=VALUE` the name is kept: the environment of a later run may have its value. */
function maskInvocation(invocation: Invocation, mask: Mask): Invocation {
  const options = invocation.options.map((option) => {
    const name = /^--env=([^=]+)=/s.exec(option)?.[1];
    return name !== undefined && mask(option) !== option ? `--env=${name}` : option;
  });
  const masked = maskValues({ ...invocation, options }, mask) as Invocation;
  const isMasked = JSON.stringify(masked) !== JSON.stringify({ ...invocation, options });
  return isMasked ? { ...masked, isMasked: true } : masked;
}

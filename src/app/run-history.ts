import type { InstanceId, RunId } from "#core/model/ids";
import type { Plan } from "#core/model/plan";
import type { Environments } from "#engine/exec/instance-environment";
import { compileSecretNames, defaultSecretPatterns, secretValues } from "#engine/env/secrets";
import { Recorder, serversOf } from "#engine/history/recorder";
import type { RecorderOptions } from "#engine/history/recorded";
import type { Invocation } from "#engine/history/stored-run";
import { randomUnit } from "#system/clock/clock";
import type { Host } from "#system/host";
import type { RunSettings } from "#core/config/run-settings";
import { planWithHooks } from "./operations/plan-with-hooks";
import type { RunnablePlan } from "./operations/plan-run";
import { isHistoryOn, logMaxOf, retentionOf } from "./history-settings";

/** A run that took so long may end a moment later, for its record to be where commands look for it. */
const LONG_RUN_MS = 500;
/** Storing an instance takes some hundredths of a millisecond: runs of short tasks leave it to whoever reads. */
const LONG_INSTANCE_MS = 1;
/** Of shorter runs one in so many looks how many records wait. */
const LOOK_EVERY = 32;
const MOST_WAITING = 64;

export interface HistoryInput {
  readonly host: Host;
  readonly invocation: Invocation;
  /** Instances that had ended well before and are not run again. */
  readonly carried: readonly InstanceId[];
}

/** The history of a run that goes on. */
export interface RunHistory {
  /** What records it, given the environments that its instances get. */
  readonly record: (id: RunId, environments: Environments) => Recorder;
  /** To be called when the run has ended and everything has been said. Never fails. */
  readonly finish: () => Promise<void>;
}

/** What a record needs to know of configuration and plan. */
export interface HistorySetting {
  /** Most bytes of one instance's log. */
  readonly logMax: number;
  readonly isOwnText: boolean;
}

/** Undefined where no history is kept. */
export const historySetting = (
  { plan, settings }: Pick<RunnablePlan, "plan" | "settings">,
  invocation: Invocation,
): HistorySetting | undefined =>
  isHistoryOn(settings) ? { logMax: logMaxOf(settings), isOwnText: isOwnText(plan, invocation) } : undefined;

/** Records a run without servers of which nothing was carried over. */
export const recorderOf = (options: Omit<RecorderOptions, "servers" | "carried">): Recorder =>
  new Recorder({ ...options, servers: new Set(), carried: [] });

/** Undefined where no history is kept. */
export function openRunHistory(
  runnable: Pick<RunnablePlan, "plan" | "hooks" | "settings">,
  { host, invocation, carried }: HistoryInput,
): RunHistory | undefined {
  const { settings } = runnable;
  if (!isHistoryOn(settings)) return undefined;
  const plan = planWithHooks(runnable);
  let recorder: Recorder | undefined;
  return {
    record: (run, environments) => {
      recorder = new Recorder({
        run,
        root: plan.root,
        invocation,
        logMax: logMaxOf(settings),
        env: host.env,
        secrets: secretFinder(plan, environments, givenSecrets(invocation, plan, settings)),
        isOwnText: isOwnText(plan, invocation),
        servers: serversOf(plan),
        carried,
      });
      return recorder;
    },
    finish: async () => {
      if (recorder === undefined) return;
      const { durationMs } = recorder;
      const isLong = durationMs >= Math.max(LONG_RUN_MS, plan.instances.length * LONG_INSTANCE_MS);
      if (!isLong && randomUnit() * LOOK_EVERY >= 1) return;
      const { ingestAfterRun } = await import("#engine/history/ingest-after-run");
      await ingestAfterRun(recorder.folder, retentionOf(settings), isLong ? 0 : MOST_WAITING);
    },
  };
}

/** Whether nothing of a run's record comes from anywhere but its configuration. */
function isOwnText({ requested, instances }: Plan, { words, options, extra }: Invocation): boolean {
  if (extra.length > 0 || options.some((option) => option.includes("="))) return false;
  // A word is a task's own name, with or without its package.
  const asked = new Set<InstanceId>(requested);
  const names = new Set<string>(requested);
  for (const { id, name, params } of instances) {
    for (const _ in params) return false;
    if (asked.has(id)) names.add(name);
  }
  return words.every((word) => names.has(word));
}

/** What `--env` gives to names of secrets, also where nothing was started that could have got it. */
function givenSecrets(
  { options }: Invocation,
  { instances }: Plan,
  { global }: RunSettings,
): readonly string[] {
  const given = options.flatMap((option) => {
    const [, name, value] = /^--env=([^=]+)=(.*)$/s.exec(option) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  if (given.length === 0) return [];
  const isSecret = compileSecretNames([...defaultSecretPatterns, ...(global.secret_names ?? [])]);
  return given.flatMap(([name, value]) =>
    isSecret(name) || instances.some(({ secrets }) => secrets.includes(name))
      ? secretValues({ [name]: value }, [name])
      : [],
  );
}

/** The secrets in the environments of instances; each environment is looked at once. */
function secretFinder(
  plan: Plan,
  environments: Environments,
  given: readonly string[],
): (ids: Iterable<InstanceId>) => Promise<readonly string[]> {
  const instances = new Map(plan.instances.map((instance) => [instance.id, instance]));
  const texts = new Set<string>(given);
  const seen = new Set<unknown>();
  return async (ids) => {
    for (const id of ids) {
      const instance = instances.get(id);
      if (instance === undefined || seen.has(id)) continue;
      seen.add(id);
      const made = await environments.of(instance);
      // Packages without variables of their own share the values that zr was started with.
      const isShared = instance.env.length === 0 && instance.secrets.length === 0;
      if (!made.ok || seen.has(made) || (isShared && seen.has(made.env.values))) continue;
      seen.add(made);
      if (isShared) seen.add(made.env.values);
      for (const text of made.env.secretValues()) texts.add(text);
    }
    return [...texts];
  };
}

import type { RunEvent, RunSubscriber } from "#core/model/event";
import type { InstanceId, RunId } from "#core/model/ids";
import type { Silence } from "#core/model/plan";
import { isTable } from "#core/config/check";
import { changedSince, factsOfReads } from "#engine/cache/read-facts";
import type { ResultMemory } from "#engine/cache/result-memory";
import { decodeSettledRun, encodeSettledRun } from "#engine/cache/settled-run";
import type { SettledRun, Told } from "#engine/cache/settled-run";
import { EventHub } from "#engine/exec/event-hub";
import { monotonicMs, wallMs } from "#system/clock/clock";
import { bytesAtOnce } from "#system/fs/file-entry";
import { keepNewest } from "#system/fs/keep-newest";
import type { ReadTrace } from "#system/fs/read-trace";
import { expectLongWork } from "#system/process/compiler";
import type { StatIndex } from "#engine/cache/stat-index";
import type { Host } from "#system/host";
import { encodeWork } from "./kept-work";
import type { PlannedRun } from "./operations/plan-run";
import type { HistorySetting } from "./run-history";

/** How a run is shown. */
export interface RunLook {
  readonly mode: string;
  readonly color: boolean;
  readonly unicode: boolean;
  readonly quiet: boolean;
  readonly silence: readonly (readonly [InstanceId, Silence])[];
}

/** How a run was shown and recorded. */
export interface ShownSetting extends RunLook {
  /** What was said on stderr before it began. */
  readonly said: string;
  readonly root: string;
  /** Undefined where no history is kept. */
  readonly history?: HistorySetting;
}

/** All that a run depends on besides files and its surroundings. */
export interface RunRequest {
  readonly words: readonly string[];
  readonly extra: readonly string[];
  readonly options: unknown;
  readonly cwd: string;
  /** Whether stdout and stderr are terminals. */
  readonly terminals: readonly boolean[];
}

/** A day: results are marked as used by looking them up, which must happen from time to time. */
const MAX_AGE_MS = 24 * 3600 * 1000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
const MOST_KEPT = 64;

/** What a run tells, kept as long as it may turn out that nothing had to be done. */
export class SettledKeeper implements RunSubscriber {
  readonly #told: Told[] = [];
  readonly #groups = new Set<InstanceId>();
  #bytes = 0;
  #cached = 0;
  #isSettled = true;
  #isWell = false;

  readonly event = (event: RunEvent): void => {
    if (event.type === "run.finished") this.#isWell = event.exitCode === 0;
    if (!this.#isSettled) return;
    switch (event.type) {
      case "run.planned":
        for (const { id, group } of event.instances) if (group) this.#groups.add(id);
        break;
      case "instance.finished":
        if (event.outcome.state === "cached") this.#cached += 1;
        else if (event.outcome.state !== "success" || !this.#groups.has(event.id)) this.#giveUp();
        break;
      case "run.started":
      case "instance.queued":
        break;
      case "run.finished":
        if (event.exitCode !== 0) this.#giveUp();
        return;
      default:
        return this.#giveUp();
    }
    this.#told.push({ kind: "event", body: bodyOf(event) });
  };

  readonly output = ({ id, stream, bytes }: Omit<Extract<Told, { kind: "output" }>, "kind">): void => {
    if (!this.#isSettled) return;
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_OUTPUT_BYTES) return this.#giveUp();
    this.#told.push({ kind: "output", id, stream, bytes: bytes.slice() });
  };

  /** Whether the run has ended well. */
  get isWell(): boolean {
    return this.#isWell;
  }

  /** All that was told, where every result was there already. */
  told(): readonly Told[] | undefined {
    return this.#isSettled && this.#cached > 0 ? this.#told : undefined;
  }

  #giveUp(): void {
    this.#isSettled = false;
    this.#told.length = 0;
  }
}

function bodyOf(event: RunEvent): Extract<Told, { kind: "event" }>["body"] {
  const { v: _v, run: _run, seq: _seq, at: _at, ...body } = event;
  return body;
}

/** Whether what a plan does can be told by files alone: nothing is asked, decided or masked while it runs. */
export const isPlain = ({ plan, conditions, hooks, workflow, warnings }: PlannedRun): boolean =>
  conditions === undefined &&
  hooks === undefined &&
  workflow === undefined &&
  warnings.length === 0 &&
  plan.instances.every(
    ({ secrets, persistent, interactive, outputIf, remote, cache, steps }) =>
      secrets.length === 0 &&
      !persistent &&
      !interactive &&
      outputIf === undefined &&
      remote === undefined &&
      cache?.ttlMs === undefined &&
      (cache !== undefined || steps.length === 0),
  );

export interface KeepInput {
  readonly path: string;
  readonly request: string;
  readonly trace: ReadTrace;
  readonly beganMs: number;
  readonly setting: ShownSetting;
  readonly planned: PlannedRun;
  readonly host: Host;
  /** What the run has learned of its results. */
  readonly memory: ResultMemory;
  /** Facts that were found true since it began. */
  readonly known?: StatIndex;
}

/** Of which part of its instances a run has to have learned the results for its plan alone to be worth keeping. */
const WORTH_KEEPING = 0.5;

/**
 * Keeps a run in which nothing had to be done, or the plan of one in which little had to be done: then nothing is told.
 * Never fails: without it the next run looks at everything again.
 */
export async function keepSettledRun(
  told: readonly Told[] | undefined,
  { path, request, trace, beganMs, setting, planned, host, memory, known }: KeepInput,
): Promise<void> {
  const isPartial = told === undefined;
  if (isPartial && memory.learned.size < planned.plan.instances.length * WORTH_KEEPING) return;
  const state = `${setting.root}/.zr/`;
  const inputs = new Set(memory.inputs);
  for (const result of memory.learned.values()) for (const input of result.inputs()) inputs.add(input);
  const facts = await factsOfReads({
    trace,
    beganMs,
    isOwn: (read) => read.startsWith(state),
    isInput: (read) => inputs.has(read),
    isPartial,
    ...(known === undefined ? {} : { known }),
  });
  if (facts === undefined) return;
  const work = encodeWork(planned, host, { learned: memory.learned, index: facts.index });
  const bytes = encodeSettledRun({ request, keptMs: wallMs(), setting, told: told ?? [], facts, work });
  await keepNewest(path, bytes, MOST_KEPT);
}

/** A kept run, and what of its inputs and outputs looks different by now. */
export interface FoundRun {
  readonly run: SettledRun<ShownSetting>;
  /** Absolute paths. */
  readonly changed: readonly string[];
}

/** To look whether all that a file of this length names is the same takes so long that compiled code pays. */
const LONG_BYTES = 512 * 1024;

/** A kept run of this request, where everything that it was planned by still looks as it did then. */
export function findSettledRun(path: string, request: string): FoundRun | undefined {
  const bytes = bytesAtOnce(path);
  if (bytes !== undefined && bytes.length > LONG_BYTES) expectLongWork();
  const run = bytes === undefined ? undefined : decodeSettledRun(bytes, request, isShownSetting);
  if (run === undefined || wallMs() - run.keptMs > MAX_AGE_MS || run.keptMs > wallMs()) return undefined;
  const changed = changedSince(run.facts);
  return changed === undefined ? undefined : { run, changed };
}

/**
 * Tells a kept run again, as one of now.
 *
 * @param beganMs when it was asked for; monotonic.
 */
export async function tellAgain(
  { told }: Pick<SettledRun<unknown>, "told">,
  {
    id,
    beganMs,
    subscribers,
  }: { readonly id: RunId; readonly beganMs: number; readonly subscribers: readonly RunSubscriber[] },
): Promise<void> {
  const hub = new EventHub(id, subscribers, () => monotonicMs() - beganMs);
  for (const item of told) {
    if (item.kind === "output") await hub.output(item);
    else if (item.body.type === "run.started") hub.emit({ ...item.body, wallMs: wallMs() });
    else hub.emit(item.body);
  }
  hub.emit({ type: "run.finished", exitCode: 0, durationMs: monotonicMs() - beganMs });
  await hub.close();
}

const isShownSetting = (value: unknown): value is ShownSetting =>
  isTable(value) &&
  typeof value["mode"] === "string" &&
  typeof value["said"] === "string" &&
  typeof value["root"] === "string" &&
  Array.isArray(value["silence"]);

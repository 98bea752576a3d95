import type { RunEvent, RunSubscriber } from "#core/model/event";
import type { InstanceId, RunId } from "#core/model/ids";
import type { Silence } from "#core/model/plan";
import { isTable } from "#base/value-at";
import type { EarlyLook } from "#engine/cache/early-look";
import { changedSince, factsOfReads, isSameAtFirstSight } from "#engine/cache/read-facts";
import type { KnownFacts, ReadFacts } from "#engine/cache/read-facts";
import type { ResultMemory } from "#engine/cache/result-memory";
import { decodeKeptRun, encodeKeptRun } from "#engine/cache/kept-run";
import type { KeptRun, StoredRun, Told } from "#engine/cache/kept-run";
import { EventHub } from "#engine/exec/event-hub";
import { monotonicMs, wallMs } from "#system/clock/clock";
import { keepNewest, MOST_KEPT_BYTES } from "#system/fs/keep-newest";
import { ownBytes } from "#system/fs/own-file";
import { expectLongWork } from "#system/process/compiler";
import type { ReadTrace } from "#system/fs/read-trace";
import { encodeWork } from "./kept-plan";
import { storedResults } from "./kept-results";
import type { KeptPlace } from "./kept-place";
import type { RunnablePlan } from "./operations/plan-run";
import { isOwnState } from "./own-state";
import type { HistorySetting } from "./run-history";

/** How a run is shown. */
export interface RunLook {
  readonly mode: string;
  readonly color: boolean;
  readonly unicode: boolean;
  readonly quiet: boolean;
  readonly silence: readonly (readonly [InstanceId, Silence])[];
  /** Set where lines begin with the time. */
  readonly timestamps?: true;
  /** Of the terminal, where the configuration says it. */
  readonly background?: "dark" | "light";
  /** Set where what the run says of itself are its events. */
  readonly tells?: "events";
}

/** What a run was beside its plan. */
export interface KeptSetting {
  /** What was said on stderr before it began. */
  readonly said: string;
  readonly root: string;
  /** How it was shown; not there where only its plan is kept. */
  readonly look?: RunLook & {
    /** Whether stdout and stderr were terminals. */
    readonly terminals: readonly boolean[];
  };
  /** Undefined where no history is kept. */
  readonly history?: HistorySetting;
  /** Whether its facts are about all that the run has looked at; else only about what its plan was made of. */
  readonly isWhole?: boolean;
}

/** A day: results are marked as used by looking them up, which must happen from time to time. */
const MAX_AGE_MS = 24 * 3600 * 1000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
const MOST_KEPT = 256;

/** What a run has told of instances whose results were there. */
export interface ToldRun {
  readonly told: readonly Told[];
  /** How many of them there are. */
  readonly count: number;
  /** Whether it is all that the run has told: then the run may be told again. */
  readonly isComplete: boolean;
}

/** Keeps what a run tells of instances whose results are there. */
export class ToldKeeper implements RunSubscriber {
  readonly #told: Told[] = [];
  readonly #groups = new Set<InstanceId>();
  /** Those of which something else is told. */
  readonly #others = new Set<InstanceId>();
  #bytes = 0;
  #cached = 0;
  #isTellable: boolean;
  #isWell = false;

  /** @param isTellable whether the run may be told again at all. */
  constructor(isTellable: boolean) {
    this.#isTellable = isTellable;
  }

  readonly event = (event: RunEvent): void => {
    if (event.type === "run.finished") this.#isWell = event.exitCode === 0;
    if (!this.#isTellable) return;
    switch (event.type) {
      case "run.planned":
        for (const { id, group } of event.instances) if (group) this.#groups.add(id);
        break;
      case "instance.finished":
        if (event.outcome.state === "cached") this.#cached += 1;
        else if (event.outcome.state !== "success" || !this.#groups.has(event.id)) this.#others.add(event.id);
        break;
      case "run.started":
      case "instance.queued":
        break;
      case "instance.started":
      case "instance.attempt-finished":
        this.#others.add(event.id);
        return;
      case "run.finished":
        if (event.exitCode !== 0) this.#giveUp();
        return;
      default:
        return this.#giveUp();
    }
    this.#told.push({ kind: "event", body: bodyOf(event) });
  };

  readonly output = ({ id, stream, bytes }: Omit<Extract<Told, { kind: "output" }>, "kind">): void => {
    if (!this.#isTellable || this.#others.has(id)) return;
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_OUTPUT_BYTES) return this.#giveUp();
    this.#told.push({ kind: "output", id, stream, bytes: bytes.slice() });
  };

  /** Whether the run has ended well. */
  get isWell(): boolean {
    return this.#isWell;
  }

  /** Undefined where no result was there already, or nothing of the run may be told again. */
  told(): ToldRun | undefined {
    if (!this.#isTellable || this.#cached === 0) return undefined;
    const others = this.#others;
    const isOf = (one: Told): boolean => {
      const id = instanceOf(one);
      return id === undefined || !others.has(id);
    };
    const told = others.size === 0 ? this.#told : this.#told.filter(isOf);
    return { told, count: this.#cached, isComplete: others.size === 0 };
  }

  #giveUp(): void {
    this.#isTellable = false;
    this.#told.length = 0;
  }
}

/** Undefined for what is told of the run itself. */
function instanceOf(told: Told): InstanceId | undefined {
  if (told.kind === "output") return told.id;
  return "id" in told.body ? told.body.id : undefined;
}

function bodyOf(event: RunEvent): Extract<Told, { kind: "event" }>["body"] {
  const { v: _v, run: _run, seq: _seq, at: _at, ...body } = event;
  return body;
}

/**
 * Whether a run of a plan can be told again where nothing had to be done: nothing is asked, decided or masked while it runs,
 * and everything that it runs is cached.
 */
export const isTellable = ({
  plan,
  settings,
  conditions,
  hooks,
  workflow,
  warnings,
}: RunnablePlan): boolean =>
  conditions === undefined &&
  hooks === undefined &&
  workflow === undefined &&
  warnings.length === 0 &&
  !saysMore(settings) &&
  plan.instances.every(
    ({ secrets, persistent, interactive, outputIf, remote, cache, steps, status }) =>
      secrets.length === 0 &&
      !persistent &&
      !interactive &&
      outputIf === undefined &&
      remote === undefined &&
      status.length === 0 &&
      cache?.ttlMs === undefined &&
      (cache !== undefined || steps.length === 0),
  );

/** Whether it says more of itself than its events. */
const saysMore = ({ global }: RunnablePlan["settings"]): boolean =>
  global.log_level === "debug" || global.log_level === "trace";

export interface KeepInput {
  readonly place: KeptPlace;
  readonly trace: ReadTrace;
  /** What of the trace was looked at for the plan; not there where that is kept already. */
  readonly planReads?: ReadTrace;
  /** The look at that. */
  readonly early?: EarlyLook;
  readonly beganMs: number;
  readonly setting: KeptSetting;
  /** There where it may be written down. */
  readonly complete: RunnablePlan | undefined;
  /** How many instances the run has. */
  readonly instances: number;
  /** Whether it has ended well. */
  readonly isWell: boolean;
  /** What the run has learned of its results. */
  readonly memory: ResultMemory;
  /** Facts that were found true since it began. */
  readonly known?: KnownFacts;
}

/** Of which part of its instances a run has to have learned the results for these to be worth keeping. */
const WORTH_KEEPING = 0.5;

/**
 * Keeps a run: all of it where nothing had to be done, else its plan, and what is known of the results that were there.
 * Never fails: without it the next run looks at everything again.
 */
export async function keepRun(told: ToldRun | undefined, input: KeepInput): Promise<void> {
  const { place, setting, complete, memory, instances, isWell, early } = input;
  const hasLearned = memory.learned.size > 0 && memory.learned.size >= instances * WORTH_KEEPING;
  const isTold = told?.isComplete === true;
  const whole = isWell && (isTold || hasLearned) ? await factsOfRun(isTold, input) : undefined;
  const facts =
    whole ?? (complete === undefined || isKeptSoon(complete) ? undefined : await factsOfPlan(input));
  if (facts === undefined || early?.isOfSame(facts) === false) return;
  const { index } = facts;
  const results = whole === undefined ? [] : storedResults(memory, index);
  const work = complete === undefined ? new Uint8Array(0) : await encodeWork(complete, results);
  const kept = {
    request: place.request,
    keptMs: wallMs(),
    setting: { ...setting, isWhole: whole !== undefined },
    told: (whole && told?.told) ?? [],
    isComplete: whole !== undefined && isTold,
    facts,
    work,
  };
  await keepNewest(place.path, encodeKeptRun(kept), MOST_KEPT);
}

/** From so many instances on, to write a plan down takes a part of the run's memory that shows. */
const MANY_INSTANCES = 64;

/** Whether there is little to gain: many results that have been made now will be there next time, and then all is kept. */
const isKeptSoon = ({ plan: { instances } }: RunnablePlan): boolean =>
  instances.length >= MANY_INSTANCES && instances.some(({ cache }) => cache !== undefined);

/** So many instances more than before that need not be looked at next time are worth the keeping. */
const MANY_MORE = 64;

/** Whether the next time goes faster by what a run has told that had been kept before. */
export const isNews = (told: ToldRun | undefined, { same }: ResultMemory): boolean =>
  told !== undefined && (told.isComplete || told.count >= inPlace(same) + MANY_MORE);

const inPlace = (same: ResultMemory["same"]): number =>
  same.values().reduce((count, { isInPlace }) => count + (isInPlace ? 1 : 0), 0);

/** What the run has looked at. */
function factsOfRun(
  isTold: boolean,
  { trace, beganMs, setting, memory, known }: KeepInput,
): Promise<ReadFacts | undefined> {
  const inputs = new Set([...memory.lookedAt.values()].flat());
  for (const result of memory.learned.values()) for (const input of result.inputs()) inputs.add(input);
  return factsOfReads({
    trace,
    beganMs,
    isOwn: isOwnState(setting.root),
    isInput: (read) => inputs.has(read),
    isPartial: !isTold,
    ...(known === undefined ? {} : { known }),
  });
}

/** What was looked at for its plan alone. */
async function factsOfPlan({ planReads, beganMs, setting }: KeepInput): Promise<ReadFacts | undefined> {
  if (planReads === undefined) return undefined;
  const isOwn = isOwnState(setting.root);
  return factsOfReads({ trace: planReads, beganMs, isOwn, isInput: () => false, isPartial: true });
}

/** A kept run, and what of its inputs and outputs looks different by now. */
export interface FoundRun {
  readonly run: StoredRun<KeptSetting>;
  /** Absolute paths. */
  readonly changed: readonly string[];
}

/** To look whether all that a file of this length names is the same takes so long that compiled code pays. */
const LONG_BYTES = 512 * 1024;

/** A kept run of this request, where everything that it was planned by still looks as it did then. */
export async function findKeptRun({ path, request }: KeptPlace): Promise<FoundRun | undefined> {
  const bytes = await ownBytes(path, MOST_KEPT_BYTES);
  if (bytes !== undefined && bytes.length > LONG_BYTES) expectLongWork();
  const run = bytes === undefined ? undefined : decodeKeptRun(bytes, request, isKeptSetting);
  if (run === undefined || wallMs() - run.keptMs > MAX_AGE_MS || run.keptMs > wallMs()) return undefined;
  if (await isSameAtFirstSight(run.facts)) return { run, changed: [] };
  const changed = await changedSince(run.facts);
  return changed === undefined ? undefined : { run, changed };
}

/**
 * Tells a kept run again, as one of now.
 *
 * @param beganMs when it was asked for; monotonic.
 */
export async function tellAgain(
  { told }: Pick<KeptRun<unknown>, "told">,
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

const isKeptSetting = (value: unknown): value is KeptSetting =>
  isTable(value) && typeof value["said"] === "string" && typeof value["root"] === "string";

import type { OutputChunk, RunEvent, RunSubscriber } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import type { Instance, Plan } from "#core/model/plan";
import { CheckoutWatch } from "./checkout-watch";
import { historyFolder } from "./history-folder";
import type { HistoryFolder } from "./history-folder";
import { LogKeeper } from "./log-keeper";
import type { Recorded, RecorderOptions } from "./recorded";
import { writeRecord } from "./write-record";

/**
 * Keeps what a run tells, and writes it to one file when it has ended. As long as the run goes on it only remembers. A
 * disk that refuses costs the record, never the run.
 */
export class Recorder implements RunSubscriber {
  readonly folder: HistoryFolder;
  readonly #options: RecorderOptions;
  readonly #logs: LogKeeper;
  readonly #starts = new Map<InstanceId, number>();
  readonly #ends = new Map<InstanceId, Extract<RunEvent, { type: "instance.finished" }>>();
  readonly #stages: Extract<RunEvent, { type: "stage.finished" }>[] = [];
  #started: Recorded["started"] | undefined;
  #planned: Recorded["planned"] | undefined;
  #finished: Recorded["finished"] | undefined;
  #checkout: CheckoutWatch | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.folder = historyFolder(options.root);
    this.#logs = new LogKeeper(this.folder, options.run, options.logMax);
  }

  /** How long the run took, once it has ended. */
  get durationMs(): number {
    return this.#finished?.durationMs ?? 0;
  }

  readonly event = (event: RunEvent): void => {
    switch (event.type) {
      case "run.started":
        this.#started = event;
        return;
      case "run.planned":
        this.#planned = event;
        return;
      case "instance.started":
        if (!this.#starts.has(event.id)) this.#starts.set(event.id, event.at);
        this.#checkout ??= this.#firstStarted();
        return;
      case "instance.finished":
        this.#ends.set(event.id, event);
        this.#logs.end(event.id);
        return;
      case "stage.finished":
        this.#stages.push(event);
        return;
      case "run.finished":
        this.#finished = event;
        return;
      default:
        return;
    }
  };

  readonly output = ({ id, bytes }: OutputChunk): void | Promise<void> => this.#logs.append(id, bytes);

  readonly close = async (): Promise<void> => {
    const started = this.#started;
    const planned = this.#planned;
    const finished = this.#finished;
    if (started === undefined || planned === undefined || finished === undefined) return;
    await writeRecord(
      { started, planned, finished, starts: this.#starts, ends: this.#ends, stages: this.#stages },
      {
        ...this.#options,
        secrets: this.#mayHoldSecrets() ? await this.#options.secrets(this.#withEnvironment()) : [],
        folder: this.folder,
        logs: await this.#logs.close(),
        git: await this.#checkout?.finish(),
      },
    );
  };

  /** Those that have started, and those whose results were there: of these too the environment was worked out. */
  *#withEnvironment(): Iterable<InstanceId> {
    yield* this.#starts.keys();
    for (const [id, { outcome }] of this.#ends)
      if (outcome.state === "cached" && !this.#starts.has(id)) yield id;
  }

  #mayHoldSecrets(): boolean {
    if (!this.#options.isOwnText || this.#stages.length > 0) return true;
    for (const { outcome } of this.#ends.values()) if (outcome.failure !== undefined) return true;
    return false;
  }

  #firstStarted(): CheckoutWatch {
    const { root, env, isOwnText, secrets } = this.#options;
    // Most runs have one environment: what is worked out now need not be when the command has ended.
    if (!isOwnText) void secrets(this.#starts.keys());
    return new CheckoutWatch(root, env);
  }
}

/** The instances of a plan that run until they are stopped. */
export function serversOf({ instances }: Pick<Plan, "instances">): ReadonlySet<InstanceId> {
  const servers = new Set<InstanceId>();
  for (const instance of instances as readonly Pick<Instance, "id" | "persistent">[])
    if (instance.persistent) servers.add(instance.id);
  return servers;
}

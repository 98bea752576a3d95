import type { InstanceId, RunId } from "#core/model/ids";
import { logFolder } from "./history-folder";
import type { HistoryFolder } from "./history-folder";
import type { LogSpill } from "./log-spill";
import { PACK_NAME } from "./stored-run";
import type { StoredLog } from "./stored-run";

/** A log that grows over this goes to a file of its own. */
const SMALL_BYTES = 64 * 1024;
/** The small logs of ended instances go to a file when they are this large together. */
const PACK_BYTES = 1024 * 1024;

/** In the place of a file that was never written. */
const LOST_NAME = "lost.zst";

/** What was printed in a run. */
export interface KeptLogs {
  readonly logs: ReadonlyMap<InstanceId, StoredLog>;
  /** The small logs that are in no file yet, in one piece; they belong into the file `PACK_NAME`. */
  readonly pack: readonly Uint8Array[];
}

interface OpenLog {
  parts: Uint8Array[];
  bytes: number;
  spill: Promise<LogSpill | undefined> | undefined;
  /** The spill once it is there. */
  file: LogSpill | undefined;
}

/**
 * Holds what the instances of a run print: a little in memory, the rest in files. What it holds in memory is bounded
 * by the instances that run at once.
 */
export class LogKeeper {
  readonly #folder: string;
  readonly #state: string;
  readonly #max: number;
  readonly #open = new Map<InstanceId, OpenLog>();
  readonly #logs = new Map<InstanceId, StoredLog>();
  /** Work on files, one after the other: ending a large log takes a CPU for a moment. */
  #work: Promise<void> = Promise.resolve();
  #pack: Uint8Array[] = [];
  #packBytes = 0;
  #files = 0;
  #claimed: Promise<boolean> | undefined;

  /** @param max most bytes of one log. */
  constructor(folder: HistoryFolder, run: RunId, max: number) {
    this.#folder = logFolder(folder, run);
    this.#state = folder.state;
    this.#max = max;
  }

  /** A promise holds back the task that prints. */
  append(id: InstanceId, bytes: Uint8Array): void | Promise<void> {
    let log = this.#open.get(id);
    if (log === undefined) {
      log = { parts: [], bytes: 0, spill: undefined, file: undefined };
      this.#open.set(id, log);
    }
    if (log.file !== undefined) return log.file.append(bytes);
    const copy = bytes.slice();
    if (log.spill !== undefined) {
      return log.spill.then((spill) => {
        // Set here and not where it was opened: what came meanwhile goes first.
        log.file = spill;
        return spill?.append(copy);
      });
    }
    log.parts.push(copy);
    log.bytes += copy.length;
    if (log.bytes <= Math.min(SMALL_BYTES, this.#max)) return;
    log.spill = this.#openSpill(log);
    return log.spill.then(() => undefined);
  }

  /** Nothing more will come of this instance. */
  end(id: InstanceId): void {
    const log = this.#open.get(id);
    if (log === undefined) return;
    this.#open.delete(id);
    const { spill } = log;
    if (spill !== undefined) {
      this.#then(async () => {
        const stored = await (await spill)?.finish();
        // Where the disk has refused it is named all the same: who asks for it hears that it is gone, not that nothing
        // was printed.
        this.#logs.set(id, stored ?? { file: LOST_NAME, start: 0, bytes: log.bytes });
      });
      return;
    }
    this.#logs.set(id, { file: PACK_NAME, start: this.#packBytes, bytes: log.bytes });
    for (const part of log.parts) this.#pack.push(part);
    this.#packBytes += log.bytes;
    if (this.#packBytes > PACK_BYTES) this.#flushPack();
  }

  /** Everything that was kept. To be called once, when the run is over. */
  async close(): Promise<KeptLogs> {
    for (const id of this.#open.keys()) this.end(id);
    await this.#work;
    return { logs: this.#logs, pack: this.#pack };
  }

  #flushPack(): void {
    const parts = this.#pack;
    const file = this.#newName();
    const moved: InstanceId[] = [];
    for (const [id, log] of this.#logs) if (log.file === PACK_NAME) moved.push(id);
    for (const id of moved) {
      const log = this.#logs.get(id);
      if (log !== undefined) this.#logs.set(id, { ...log, file });
    }
    this.#pack = [];
    this.#packBytes = 0;
    this.#then(async () => {
      const { writeLog } = await import("./log-files");
      if (await this.#claim()) await writeLog(`${this.#folder}/${file}`, parts);
    });
  }

  async #openSpill(log: OpenLog): Promise<LogSpill | undefined> {
    const { openLogSpill } = await import("./log-spill");
    const file = this.#newName();
    if (!(await this.#claim())) return undefined;
    const spill = openLogSpill({ folder: this.#folder, file, max: this.#max });
    const parts = log.parts;
    log.parts = [];
    for (const part of parts) await spill.append(part);
    return spill;
  }

  /** Makes the folder and says whose it is. False where the disk refuses. */
  #claim(): Promise<boolean> {
    this.#claimed ??= import("./log-files").then(({ claimLogs }) => claimLogs(this.#folder, this.#state));
    return this.#claimed;
  }

  #newName(): string {
    this.#files += 1;
    return `${this.#files}.zst`;
  }

  #then(work: () => Promise<void>): void {
    this.#work = this.#work.then(work);
  }
}

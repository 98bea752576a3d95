import { formatSize } from "#base/size";
import type { OutputChunk } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import { HeldOutput } from "./held-output";
import type { RunConsole } from "./run-console";

/** Above so many bytes of ended, not yet written blocks the tasks that go on printing are held back. */
const BACKLOG_BYTES = 32 * 1024 * 1024;

/** The outputs of the instances under way, each kept until it is shown as one block or forgotten. */
export class HeldOutputs {
  readonly #console: RunConsole;
  readonly #held = new Map<InstanceId, HeldOutput>();
  #files = 0;
  #backlogBytes = 0;

  constructor(console: RunConsole) {
    this.#console = console;
  }

  append({ id, stream, bytes }: OutputChunk): void | Promise<void> {
    let held = this.#held.get(id);
    if (held === undefined) {
      const { spoolFolder, openSpool } = this.#console.options;
      this.#files += 1;
      held = new HeldOutput({ path: `${spoolFolder}/output-${this.#files}.tmp`, openSpool });
      this.#held.set(id, held);
    }
    const kept = held.append(stream, bytes);
    if (this.#backlogBytes <= BACKLOG_BYTES) return kept;
    return Promise.all([kept, this.#console.idle()]).then(() => undefined);
  }

  /** Writes a header and then what the instance has printed; nothing where it has printed nothing. */
  show(id: InstanceId, writeHeader: () => void): void {
    const held = this.#take(id);
    if (held === undefined || held.isEmpty) return;
    writeHeader();
    const bytes = held.memoryBytes;
    this.#backlogBytes += bytes;
    const done = (): void => {
      this.#backlogBytes -= bytes;
      if (held.loss !== undefined) this.#tellLoss(id, held.loss);
    };
    this.#console.step(() => {
      const replayed = held.replay(this.#console.pass);
      if (replayed instanceof Promise) return replayed.then(done);
      done();
      return undefined;
    });
  }

  /** Forgets what the instance has printed. */
  discard(id: InstanceId): void {
    const held = this.#take(id);
    if (held !== undefined) this.#console.step(() => held.discard());
  }

  /** Forgets everything that is left, files included. */
  async clear(): Promise<void> {
    await Promise.all([...this.#held.values()].map((held) => held.discard()));
    this.#held.clear();
  }

  #take(id: InstanceId): HeldOutput | undefined {
    const held = this.#held.get(id);
    this.#held.delete(id);
    return held;
  }

  #tellLoss(id: InstanceId, loss: { readonly bytes: number; readonly problem: string }): void {
    // Not awaited: it comes behind the step that finds out.
    void this.#console.print(
      ({ theme }) =>
        `${theme.warn("warning:")} ${formatSize(loss.bytes)} of the output of ${id} could not be kept: ${loss.problem}\n`,
    );
  }
}

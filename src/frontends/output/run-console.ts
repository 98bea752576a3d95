import type { RunEvent } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import type { InstanceState } from "#core/model/outcome";
import { reduceRun } from "#core/model/record";
import type { InstanceRecord, RunRecord } from "#core/model/record";
import type { Look } from "./look";
import type { AgainWords, OutputStream, RendererOptions } from "./renderer-options";
import { Sequence } from "./sequence";
import type { TailBuffer } from "./tail-buffer";

const NEWLINE = new Uint8Array([10]);
/** So few events may wait to be read that a long run holds none for long. */
const MOST_UNREAD = 64;
const encoder = new TextEncoder();
const BY_NAME: AgainWords = { flags: [], values: [], extra: [] };

/**
 * What all renderers share: the record of the run so far, one order for everything that is written, and zr's own lines
 * on stderr, which begin at the start of a line. Their wording and colours are loaded when the first of them is written:
 * a single task that succeeds needs none.
 */
export class RunConsole {
  readonly options: RendererOptions;
  readonly #sequence = new Sequence();
  #record: RunRecord | undefined;
  /** Events that are not in the record yet: it is brought up to date when somebody asks for it. */
  #unread: RunEvent[] = [];
  #planned = 0;
  #isWorkflow = false;
  #lastState: InstanceState | undefined;
  #look: Look | undefined;
  /** The stream on which the last line has no end yet. */
  #openLine: OutputStream | undefined;
  /** Whether the last line on stderr has no end yet, whatever has been written to stdout since. */
  #isErrorLineOpen = false;

  constructor(options: RendererOptions) {
    this.options = options;
  }

  /** Takes note of an event. */
  observe(event: RunEvent): void {
    if (this.options.tells === "events") this.step(() => this.#passEvent(event));
    if (event.type === "run.planned") {
      this.#planned = event.instances.length;
      this.#isWorkflow = event.stages !== undefined;
    }
    if (event.type === "instance.finished") this.#lastState = event.outcome.state;
    if (this.#unread.push(event) >= MOST_UNREAD) this.#read();
  }

  /** The run after all events so far; undefined before the first. */
  get record(): RunRecord | undefined {
    if (this.#unread.length > 0) this.#read();
    return this.#record;
  }

  #read(): void {
    for (const event of this.#unread) this.#record = reduceRun(this.#record, event);
    this.#unread = [];
  }

  instance(id: InstanceId): InstanceRecord | undefined {
    return this.record?.instances.get(id);
  }

  /** How many instances have a command of their own. */
  get commandCount(): number {
    let count = 0;
    for (const { planned } of this.record?.instances.values() ?? []) if (!planned.group) count += 1;
    return count;
  }

  /** Writes bytes of a task as they are. */
  bytes(stream: OutputStream, bytes: Uint8Array): void | Promise<void> {
    if (!this.#sequence.busy) return this.pass(stream, bytes);
    const copy = bytes.slice();
    return this.#sequence.run(() => this.pass(stream, copy));
  }

  /** As `bytes`, for a step that has the turn. */
  readonly pass = (stream: OutputStream, bytes: Uint8Array): void | Promise<void> => {
    if (bytes.length === 0) return undefined;
    const isOpen = bytes[bytes.length - 1] !== 10;
    this.#openLine = isOpen ? stream : undefined;
    if (stream === "stderr") this.#isErrorLineOpen = isOpen;
    return this.options.write(stream, bytes);
  };

  /** Whether something is still being written, so that new steps have to wait. */
  get busy(): boolean {
    return this.#sequence.busy;
  }

  /** Runs a step when everything before it is written. */
  step(step: () => void | Promise<void>): void | Promise<void> {
    return this.#sequence.run(step);
  }

  /** Runs a step that needs colours and signs. */
  withLook(step: (look: Look) => void | Promise<void>): void | Promise<void> {
    const ready = this.#look;
    if (ready !== undefined) return this.step(() => step(ready));
    return this.step(async () => {
      const { loadLook } = await import("./look");
      this.#look ??= await loadLook(this.options);
      await step(this.#look);
    });
  }

  /** zr's own text on stderr; empty text writes nothing. */
  print(text: (look: Look) => string | Promise<string>): void | Promise<void> {
    return this.withLook((look) => {
      const made = text(look);
      return typeof made === "string" ? this.passText(made) : made.then((late) => this.passText(late));
    });
  }

  /** As `print`, for a step that has the turn. */
  passText(text: string): void | Promise<void> {
    return text === "" || this.options.tells === "events" ? undefined : this.#passLine(text);
  }

  /** Where the streams lead to different places, an event begins a line on stderr all the same. */
  #passEvent(event: RunEvent): void | Promise<void> {
    this.endLine();
    const begin = this.#isErrorLineOpen ? "\n" : "";
    this.#isErrorLineOpen = false;
    return this.#passLine(`${begin}${JSON.stringify(event)}\n`);
  }

  #passLine(text: string): void | Promise<void> {
    this.endLine();
    return this.options.write("stderr", encoder.encode(text));
  }

  /** Ends a line that a task has left open, for a step that has the turn. */
  endLine(): void {
    const stream = this.#openLine;
    if (stream === undefined) return;
    this.#openLine = undefined;
    if (stream === "stderr") this.#isErrorLineOpen = false;
    // Asked to wait or not: what follows is small and is taken in order.
    void this.options.write(stream, NEWLINE);
  }

  /** Notes, stages, and attempts that are made again. */
  remark(event: RunEvent): void {
    const quiet = this.options.quiet === true;
    if (event.type === "stage.started" || event.type === "stage.finished") this.#stage(event);
    if (event.type === "note" && (event.level === "warn" || !quiet)) {
      const { level, text } = event;
      this.print(({ theme }) => `${level === "warn" ? `${theme.warn("warning:")} ` : ""}${text}\n`);
    }
    if (event.type === "instance.attempt-finished" && event.retryInMs !== undefined && !quiet) {
      const { attempt, failure, retryInMs } = event;
      const label = this.instance(event.id)?.planned.label ?? event.id;
      this.print(async (look) => {
        const { retryText } = await import("./retry-text");
        return retryText({ label, attempt, failure, retryInMs }, look);
      });
    }
  }

  /** Where a workflow has come to. */
  #stage(event: RunEvent): void {
    if (event.type === "stage.started" && this.options.quiet !== true) {
      const { stage } = event;
      const role = this.record?.plannedStages.find(({ name }) => name === stage)?.role ?? "stage";
      this.print(async (look) => (await import("./stage-text")).stageHead(stage, role, look));
    }
    if (event.type === "stage.finished" && event.why !== undefined) {
      const { stage: name, state, durationMs, why } = event;
      if (this.options.quiet === true && state !== "failed") return;
      this.print(async (look) =>
        (await import("./stage-text")).stageRemark({ name, state, durationMs, why }, look),
      );
    }
  }

  /** The failure block of an instance that has failed; of any other nothing. */
  failure(id: InstanceId, tail?: TailBuffer): void {
    const record = this.instance(id);
    const state = record?.outcome?.state;
    if (record === undefined || (state !== "failed" && state !== "timed_out")) return;
    this.print(async (look) => {
      const { failureBlock } = await import("./failure-block");
      const { againWords } = this.options;
      // What a workflow runs has values and variables that only it gives.
      const again = this.#isWorkflow ? undefined : againWords === undefined ? BY_NAME : await againWords(id);
      return failureBlock(record, { ...this.options, look, tail, again });
    });
  }

  summary(): void {
    // Of the usual run nothing is told at the end.
    if (this.#planned === 1 && this.#lastState === "success" && !this.#isWorkflow) return;
    const { record } = this;
    if (record === undefined) return;
    const { options } = this;
    this.print(async (look) => {
      const { summaryText } = await import("./summary");
      return summaryText(record, {
        look,
        quiet: options.quiet === true,
        workflowName: options.workflowName,
        get rerunFlags() {
          return options.rerunFlags ?? [];
        },
      });
    });
  }

  /** Settles when everything is written that is to be so far; what comes meanwhile does not count. */
  readonly shown = (): void | Promise<void> => this.step(() => undefined);

  /** Settles when everything is written. */
  readonly idle = (): Promise<void> => this.#sequence.idle();
}
